import type { X509Certificate } from "node:crypto";

import { afterAll, beforeAll, expect, it } from "vitest";

import type { Published as Outputs } from "../../../cli/served/served.ts";
import { checkUrls } from "../../../lab/urls.ts";
import {
  challengesOf,
  Client,
  kubectl,
  leftovers,
  loadDuring,
  NODE_PORTS,
  objects,
  PEBBLE_DIRECTORY,
  pebbleCertificate,
  pebbleRoot,
  reachable,
  TestStack,
  verifiedCertificate,
  waitFor,
} from "../harness/index.ts";

const NAME = "e2e-acme";
const HOST = `hello.${NAME}.slipway.test`;
const NAMESPACE = `slipway-${NAME}`;
const TRAEFIK = `${NAMESPACE}-traefik`;

let stack: TestStack;
let root: string;
let at: Outputs & { readonly endpoint: { readonly https: number } };
/** What was published before ACME was asked for. */
let own: Pick<Outputs, "certificates">;
/** Challenges of the host that the server has looked at, in a lab that is not new. */
let before: number;

beforeAll(async () => {
  const caCertificates = await pebbleCertificate();
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      traefik: {
        web: { nodePort: NODE_PORTS[NAME].http },
        websecure: { nodePort: NODE_PORTS[NAME].https },
        // All of plain http is redirected, but for the challenge.
        redirect: "all",
        acme: { email: "ann@example.org", server: PEBBLE_DIRECTORY, caCertificates },
      },
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
  });
  // Its hosts are known where certificates are asked for before they are.
  await stack.up();
  await reachable([HOST], TRAEFIK);
  root = await pebbleRoot();
  before = await challengesOf(HOST);
  own = { certificates: await stack.output("certificates") };
  await stack.deploy({ tls: { source: { kind: "acme" } } });
  at = {
    urls: await stack.output("urls"),
    endpoint: await stack.output("endpoint"),
    certificates: await stack.output("certificates"),
  };
});

afterAll(() => stack.remove());

/** The certificate that a client is shown that trusts Pebble's root alone. */
const served = (): Promise<X509Certificate> => verifiedCertificate(HOST, at.endpoint, root);

const client = (): Client => new Client({ address: at.endpoint.address, ca: root, keepAlive: false });

const traefik = (...args: readonly string[]): Promise<string> => kubectl("--namespace", TRAEFIK, ...args);

/** Waits until Traefik's pod serves. */
const ready = (): Promise<string> => traefik("rollout", "status", "deployment/traefik", "--timeout=120s");

/** Deletes Traefik's pod, and waits until it is gone: the next one begins meanwhile. */
async function deletePod(): Promise<void> {
  const [pod] = await objects("pods", "--namespace", TRAEFIK);
  await traefik("delete", "pod", pod?.metadata.name ?? "");
  await ready();
}

/** Ends Traefik's pod, and lets the next one begin when it is gone: its volume is then mounted anew. */
async function startAnew(): Promise<void> {
  await traefik("scale", "deployment/traefik", "--replicas=0");
  await waitFor(async () => (await objects("pods", "--namespace", TRAEFIK)).length === 0, {
    message: "the pod to go",
    deadline: 60_000,
  });
  await traefik("scale", "deployment/traefik", "--replicas=1");
  await ready();
}

it("serves what an ACME server issues to clients who trust that server's root alone", async () => {
  // As `make up` does: until it has one, Traefik serves the one before, and then one of its own, which is for no host.
  await checkUrls(at, { before: own });
  const certificate = await served();
  expect(certificate.subjectAltName).toBe(`DNS:${HOST}`);
  expect(certificate.issuer).toMatch(/^CN=Pebble Intermediate CA /);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  expect((await client().get(`${at.urls["hello"] ?? ""}/healthz`)).status).toBe(200);
  expect(await stack.output("certificates")).toEqual({
    [`traefik.acme/${HOST}`]: { hosts: [HOST], provided: true, acme: PEBBLE_DIRECTORY },
  });
  expect(await objects("secrets", "--namespace", NAMESPACE)).toEqual([]);
  expect(await stack.exported()).not.toContain("tls:index/");
  expect(await stack.changes()).toEqual([]);
  const { stdout } = await stack.slipway("doctor", "--json");
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: readonly { readonly check: string }[] };
  expect(diagnoses.filter(({ check }) => check === "certificates")).toEqual([]);
});

it("asks once for all routes, and redirects everything else of plain http", async () => {
  expect(await challengesOf(HOST)).toBe(before + 1);
  const { address } = at.endpoint;
  const plain = `http://${HOST}:${NODE_PORTS[NAME].http}`;
  const http = new Client({ address, ca: root });
  expect((await http.get(`${plain}/.well-known/other`)).status).toBe(301);
  expect((await http.get(`${plain}/.well-known/acme-challenge/x`)).status).toBe(404);
});

it.each([
  ["is deleted", deletePod],
  ["has been away", startAnew],
])("keeps the certificate where its pod %s, in a file that the next one takes", async (_, restart) => {
  const { serialNumber } = await served();
  await restart();
  await checkUrls(at);
  expect((await served()).serialNumber).toBe(serialNumber);
  expect(await challengesOf(HOST)).toBe(before + 1);
});

it("renews what is due by a TLS handshake alone, under load without a lost request", async () => {
  const { serialNumber } = await served();
  const rollout = client();
  // Of a server whose certificates hold for a year, one with ninety days left is due: Traefik looks when it starts.
  await stack.configure({ traefik: { acme: { validityDays: 365, challenge: "tls" } } });
  const renewed = stack.up().then(() =>
    waitFor(async () => (await served()).serialNumber !== serialNumber, {
      message: "Traefik to show the renewed certificate",
      deadline: 60_000,
    }),
  );
  await loadDuring(renewed, rollout, `${at.urls["hello"] ?? ""}/healthz`, { requests: 100 });
  await rollout.close();
  expect(await challengesOf(HOST)).toBe(before + 1);
  expect(await stack.changes()).toEqual([]);
});

it("is refused with two pods, and tells why", async () => {
  await stack.configure({ traefik: { replicas: 2 } });
  expect(await stack.refusal()).toEqual([
    `error: configuration of stack ${NAME}:`,
    expect.stringMatching(
      /^ {2}traefik.acme: is for one pod: Traefik keeps what ACME issues in a file/,
    ) as string,
  ]);
  await stack.configure({ traefik: { replicas: 1 } });
});

it("leaves nothing when it is destroyed, the volume neither", async () => {
  const [claim] = await objects("persistentvolumeclaims", "--namespace", TRAEFIK);
  const { volumeName } = claim?.["spec"] as { volumeName: string };
  await stack.destroy();
  expect(await leftovers(NAME, NAMESPACE)).toEqual([]);
  await waitFor(
    async () => (await kubectl("get", "persistentvolume", volumeName, "--ignore-not-found")) === "",
    { message: `the volume ${volumeName} to go` },
  );
});
