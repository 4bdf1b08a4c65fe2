import { X509Certificate } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EXIT } from "../../../cli/base/exit.ts";
import type { Published as Outputs } from "../../../cli/served/served.ts";
import { checkUrls } from "../../../lab/urls.ts";
import {
  acmeIssuer,
  apply,
  Client,
  kubectl,
  loadDuring,
  NODE_PORTS,
  objects,
  pebbleRoot,
  reachable,
  renew,
  TestStack,
  verifiedCertificate,
  waitFor,
} from "../harness/index.ts";
import { published, type Published } from "./program.ts";

const NAME = "e2e-certs";
const SECRET = `hello.${NAME}.slipway.test-tls`;
const HOST = `hello.${NAME}.slipway.test`;
const DAY = 86_400_000;

const SUBJECT = "C=CN\nST=Shanghai\nL=Shanghai\nO=Example\nOU=Lab";

let stack: TestStack;
let at: Published;
/** A certificate that the stack no longer knows: the one that it had first. */
let bought: { readonly chain: string; readonly key: string };

beforeAll(async () => {
  stack = await TestStack.prepare(NAME, {
    from: "prod",
    config: {
      traefik: {
        replicas: 1,
        service: { type: "NodePort" },
        web: { nodePort: NODE_PORTS[NAME].http },
        websecure: { nodePort: NODE_PORTS[NAME].https },
      },
      tls: {
        subject: {
          country: "CN",
          province: "Shanghai",
          locality: "Shanghai",
          organization: "Example",
          organizationalUnit: "Lab",
        },
        authority: { commonName: "Example CA" },
      },
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
  });
  await stack.up();
  at = await published(stack);
});

afterAll(async () => {
  await stack.remove();
  await kubectl("delete", "clusterissuer", NAME, "--ignore-not-found");
  await kubectl("delete", "secret", NAME, "--namespace=cert-manager", "--ignore-not-found");
});

/** What the stack says of where it is and what it serves there. */
const where = async (): Promise<Outputs> => ({
  urls: at.urls,
  endpoint: at.endpoint,
  caCertificate: at.ca,
  certificates: await stack.output<NonNullable<Outputs["certificates"]>>("certificates"),
});

/** The certificate that clients of the app are shown, once it has passed verification. */
const served = (ca = at.ca): Promise<X509Certificate> => verifiedCertificate(HOST, at.endpoint, ca);

const days = ({ validFrom, validTo }: X509Certificate): number =>
  Math.round((Date.parse(validTo) - Date.parse(validFrom)) / DAY);

it("issues an authority for a hundred years and leaves for ten, RSA 4096, with the whole subject", async () => {
  const authority = new X509Certificate(at.ca);
  expect(authority.subject).toBe(`${SUBJECT}\nCN=Example CA`);
  expect(authority.issuer).toBe(authority.subject);
  expect(authority.ca).toBe(true);
  expect(authority.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
  expect(days(authority)).toBe(36_500);
  // What the provider signs with by a key of RSA; docs/certificates.md says how to have another.
  expect(authority.signatureAlgorithm).toBe("sha256WithRSAEncryption");

  const leaf = await served();
  expect(leaf.subject).toBe(`${SUBJECT}\nCN=${HOST}`);
  expect(leaf.issuer).toBe(authority.subject);
  expect(leaf.subjectAltName).toBe(`DNS:${HOST}`);
  expect(leaf.ca).toBe(false);
  expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
  expect(days(leaf)).toBe(3650);
  expect(leaf.signatureAlgorithm).toBe("sha256WithRSAEncryption");
  expect(leaf.verify(authority.publicKey)).toBe(true);
  // id-kp-serverAuth, and no other purpose.
  expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

it("keeps the authority's key out of the cluster", async () => {
  const secrets = await objects("secrets", "--namespace", `slipway-${NAME}`);
  const authority = new X509Certificate(at.ca);
  for (const { data } of secrets) {
    const { "tls.crt": encoded } = data as { "tls.crt": string };
    const certificate = new X509Certificate(Buffer.from(encoded, "base64"));
    expect(certificate.fingerprint256).not.toBe(authority.fingerprint256);
  }
  expect(secrets.map(({ metadata }) => metadata.name)).toEqual([SECRET]);
});

it("issues leaves anew without a new authority, in the same Secret, and cuts no connection", async () => {
  const uid = async (): Promise<string | undefined> =>
    (await objects("secret", SECRET, "--namespace", `slipway-${NAME}`))[0]?.metadata.uid;
  const [before, secret] = [await served(), await uid()];
  bought = await pairOf(SECRET);

  await stack.configure({ tls: { certificates: { validityDays: 365 } } });
  const changes = (await stack.changes()).map(({ op, resource }) => `${op} ${resource}`);
  expect(changes.filter((change) => change.includes("authority"))).toEqual([]);
  expect(changes).toContain(`update kubernetes:core/v1:Secret slipway-${NAME}-${SECRET}`);

  // A connection for each request: each sees the certificate of its moment.
  const client = new Client({ address: at.endpoint.address, ca: at.ca, keepAlive: false });
  const renewed = stack.up().then(async () => checkUrls(await where()));
  await loadDuring(renewed, client, `${at.urls["hello"] ?? ""}/healthz`, { requests: 500 });
  await client.close();
  expect(await uid()).toBe(secret);
  const after = await served();
  expect(after.serialNumber).not.toBe(before.serialNumber);
  expect(days(after)).toBe(365);
  expect(await stack.output<string>("caCertificate")).toBe(at.ca);
});

/** A pair that a Secret holds, as PEM. */
async function pairOf(secret: string): Promise<{ chain: string; key: string }> {
  const [object] = await objects("secret", secret, "--namespace", `slipway-${NAME}`);
  const data = object?.["data"] as Record<string, string>;
  const pem = (name: string): string => Buffer.from(data[name] ?? "", "base64").toString();
  return { chain: pem("tls.crt"), key: pem("tls.key") };
}

it("serves a certificate from elsewhere in place of the authority's, in the same Secret and without a cut connection", async () => {
  const client = new Client({ address: at.endpoint.address, ca: at.ca, keepAlive: false });
  const source = { kind: "pem", chain: bought.chain + at.ca };
  await stack.configure({ tls: { source } });
  await stack.setSecret("tls.source.key", bought.key);
  const changed = stack.up().then(async () => checkUrls(await where()));
  await loadDuring(changed, client, `${at.urls["hello"] ?? ""}/healthz`, { requests: 100 });
  await client.close();
  const { fingerprint256 } = await served();
  expect(fingerprint256).toBe(new X509Certificate(bought.chain).fingerprint256);
  expect(Object.values((await where()).certificates ?? {})).toMatchObject([
    { hosts: [HOST], fingerprint: fingerprint256, provided: true },
  ]);
  const state = await stack.exported();
  expect(state).not.toContain(bought.key.split("\n")[1]);
  // Nobody is served what an authority of the stack's own would sign.
  expect(state).not.toContain("tls:index/");
  expect(await stack.changes()).toEqual([]);
});

it("serves what somebody else keeps in a Secret of the app's namespace", async () => {
  const data = { "tls.crt": bought.chain + at.ca, "tls.key": bought.key };
  const metadata = { name: "kept", namespace: `slipway-${NAME}` };
  await apply({ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls", metadata, stringData: data });
  await stack.configure({ apps: { hello: { certificate: { kind: "secret", secretName: "kept" } } } });
  await stack.up();
  await checkUrls(await where());
  expect((await served()).fingerprint256).toBe(new X509Certificate(bought.chain).fingerprint256);
  const secrets = await objects("secrets", "--namespace", `slipway-${NAME}`);
  expect(secrets.map(({ metadata }) => metadata.name)).toEqual(["kept"]);
  await stack.configure({ apps: { hello: { certificate: undefined } }, tls: { source: undefined } });
  await stack.up();
  at = await published(stack);
});

it("is told apart from any other, as `make up` and doctor do", async () => {
  const outputs = await where();
  const issued = Object.values(outputs.certificates ?? {});
  const { fingerprint256, validTo } = await served();
  expect(issued).toMatchObject([{ hosts: [HOST], fingerprint: fingerprint256 }]);
  expect(new Date(issued[0]?.validityEnd ?? 0).setMilliseconds(0)).toBe(Date.parse(validTo));
  const others = { "shop/web-tls": { hosts: [HOST], fingerprint: "AA:BB", validityEnd: "" } };
  await expect(checkUrls({ ...outputs, certificates: others }, { deadline: 0 })).rejects.toThrow(
    `shows the certificate of ${HOST}, which ends on ${new Date(validTo).toISOString().slice(0, 10)}, and not the one in Secret shop/web-tls`,
  );
  // Until it knows the Secret, Traefik shows one of its own.
  const stranger = (outputs.urls["hello"] ?? "").replace(HOST, "nobody.test");
  await expect(checkUrls({ ...outputs, urls: { stranger } }, { deadline: 0 })).rejects.toThrow(
    /shows the certificate of TRAEFIK DEFAULT CERT, .* is not trusted: /,
  );
});

describe("cert-manager", () => {
  const webhook = (replicas: number): Promise<string> =>
    kubectl("scale", "deployment/cert-manager-webhook", "--namespace=cert-manager", `--replicas=${replicas}`);
  const namespace = `slipway-${NAME}`;
  const secret = SECRET.replace(/-tls$/, "-issuer-tls");
  let root: string;

  it("issues in place of the authority by ACME, through this very Traefik, and its webhook is waited for", async () => {
    await reachable([HOST], `${namespace}-traefik`);
    await acmeIssuer(NAME, await stack.output<string>("ingressClass"), NAME);
    root = await pebbleRoot();
    await stack.configure({ tls: { source: { kind: "issuer", name: NAME } } });
    await webhook(0);
    await kubectl(
      "wait",
      "pods",
      "--namespace=cert-manager",
      "--selector=app.kubernetes.io/component=webhook",
      "--for=delete",
      "--timeout=60s",
    );
    const client = new Client({ address: at.endpoint.address, ca: at.ca + root, keepAlive: false });
    const changed = stack.up();
    const back = waitFor(() => /failed calling webhook/.test(stack.log), {
      message: "the webhook to be missed",
      deadline: 120_000,
    })
      .finally(() => webhook(1))
      .catch(() => undefined);
    await loadDuring(changed, client, `${at.urls["hello"] ?? ""}/healthz`, { requests: 100 });
    await back;
    await client.close();
    const issued = await waitFor(() => served(root), { message: "the new certificate" });
    expect(issued.subjectAltName).toBe(`DNS:${HOST}`);
    expect(await stack.exported()).not.toContain("tls:index/");
    expect(await stack.changes()).toEqual([]);
    expect(await stack.output("certificates")).toEqual({
      [`${namespace}/${secret}`]: { hosts: [HOST], provided: true, issuer: NAME },
    });
  });

  it("renews under load without a lost request", async () => {
    const before = (await served(root)).fingerprint256;
    const client = new Client({ address: at.endpoint.address, ca: root, keepAlive: false });
    await renew(secret, namespace);
    const renewed = waitFor(async () => (await served(root)).fingerprint256 !== before, {
      message: "Traefik to show the renewed certificate",
      deadline: 120_000,
    });
    await loadDuring(renewed, client, `${at.urls["hello"] ?? ""}/healthz`, { requests: 200 });
    await client.close();
    expect(await stack.changes()).toEqual([]);
  });

  it("issues by an Issuer of the app's namespace", async () => {
    const make = (kind: string, name: string, spec: object): Promise<void> =>
      apply({ apiVersion: "cert-manager.io/v1", kind, metadata: { name, namespace }, spec });
    await make("Issuer", "self", { selfSigned: {} });
    const issuerRef = { kind: "Issuer", name: "self" };
    await make("Certificate", "own", { secretName: "own-ca", isCA: true, commonName: "Own CA", issuerRef });
    await make("Issuer", "own", { ca: { secretName: "own-ca" } });
    await stack.configure({ tls: { source: { kind: "issuer", name: "own", issuerKind: "Issuer" } } });
    await stack.up();
    const [kept] = await objects("secret", "own-ca", "--namespace", namespace);
    const authority = Buffer.from((kept?.["data"] as Record<string, string>)["tls.crt"] ?? "", "base64");
    const issued = await waitFor(() => served(authority.toString()), { message: "its certificate" });
    expect(issued).toMatchObject({ issuer: "CN=Own CA", subjectAltName: `DNS:${HOST}` });
    expect(await stack.changes()).toEqual([]);
  });

  it("has a change of its Certificate told by drift, with who made it", async () => {
    const rotation = JSON.stringify({ spec: { privateKey: { rotationPolicy: "Never" } } });
    const at = ["certificate", secret, "--namespace", namespace];
    await kubectl("patch", ...at, "--type=merge", "--patch", rotation);
    const { code, stdout } = await stack.slipway("drift", "--json");
    const { drift } = JSON.parse(stdout) as { drift: readonly { readonly harmless?: string }[] };
    expect(code).toBe(EXIT.found);
    expect(drift.filter(({ harmless }) => harmless === undefined)).toMatchObject([
      {
        object: `Certificate ${namespace}/${secret}`,
        kind: "changed",
        field: "spec.privateKey.rotationPolicy",
        wanted: '"Always"',
        found: '"Never"',
        owner: expect.stringMatching(/^kubectl-patch, /) as string,
      },
    ]);
  });
});
