import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { ensurePackages } from "../../base/packages.ts";
import { stateDir } from "../../base/paths.ts";
import { debianPackages } from "../../base/programs.ts";
import type { Log } from "../../base/progress.ts";
import { run } from "../../base/run.ts";
import { lab } from "../addresses.ts";
import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { imageRepository } from "../control-plane-images.ts";
import { apply, kubectl } from "../control-plane.ts";
import { sha256OfFile } from "../oci-layout.ts";
import { waitFor } from "../wait.ts";
import { labelsOf, metadataOf, namespaceOf, onePod } from "./program.ts";

const name = "pebble";

/** Where its clients find the ACME server. */
const host = `${name}.${name}.svc`;

/** What answers for the hosts that certificates are asked for: no other DNS knows them. */
export const pebbleDns = `${lab.acmeService}:8053`;

/**
 * Installs Pebble, an ACME server, and the DNS server that it asks. Which address a host has there is said by its API, `/add-a`. The
 * ConfigMap `pebble` has the certificate of its API.
 *
 * @param program finds the binaries `pebble` and `pebble-challtestsrv`
 */
export async function installPebble(program: ProgramFile, log: Log): Promise<void> {
  await ensurePackages(debianPackages.certificates, log);
  const images: Record<string, string> = {};
  for (const part of [name, `${name}-challtestsrv`]) {
    const file = program(part);
    const image = `${imageRepository}/${part}:${(await sha256OfFile(file)).slice(0, 16)}`;
    await importBinaryImage(image, file);
    images[part] = image;
  }
  await apply(pebbleManifests(images, await serving()));
  await waitFor(isReady, {
    what: "Pebble answers",
    deadline: 60,
    interval: 500,
    advice: `Look at: kubectl --namespace ${name} describe pods`,
  });
}

async function isReady(): Promise<boolean> {
  const path = `/api/v1/namespaces/${name}/services/https:${name}:14000/proxy/dir`;
  return (await kubectl(["get", "--raw", path])).includes("newOrder");
}

/** The certificate of the API, and its key: made once, so that who trusts it goes on to. */
async function serving(): Promise<{ readonly certificate: string; readonly key: string }> {
  const directory = stateDir("node", name);
  if (!existsSync(directory)) {
    const partial = `${directory}.partial`;
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const files = ["-keyout", join(partial, "key.pem"), "-out", join(partial, "cert.pem")];
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${host}`, "-days", "3650"];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
    await run("openssl", ["req", "-x509", ...key, ...subject, ...files], { log: name });
    await rename(partial, directory);
  }
  const [certificate, key] = await Promise.all(
    ["cert.pem", "key.pem"].map((file) => readFile(join(directory, file), "utf8")),
  );
  return { certificate: certificate ?? "", key: key ?? "" };
}

/** Pebble's configuration: challenges are asked for at the port that every client of ACME is. */
const configuration = {
  pebble: {
    listenAddress: "0.0.0.0:14000",
    managementListenAddress: "0.0.0.0:15000",
    certificate: "/etc/pebble/tls.crt",
    privateKey: "/etc/pebble/tls.key",
    httpPort: 80,
    tlsPort: 443,
    keyAlgorithm: "ecdsa",
    retryAfter: { authz: 1, order: 1 },
    profiles: { default: { description: "of ninety days", validityPeriod: 7_776_000 } },
  },
};

/** @param images by program */
export function pebbleManifests(
  images: Readonly<Record<string, string>>,
  { certificate, key }: { readonly certificate: string; readonly key: string },
): object[] {
  const metadata = metadataOf(name);
  const container = (part: string, more: object): object => ({
    name: part,
    image: images[part],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    ...more,
  });
  const containers = [
    container(name, {
      args: ["-config=/etc/pebble/config.json", "-dnsserver=127.0.0.1:8053"],
      // By default it waits, loses answers and leaves out challenges at random, as clients have to bear.
      env: [
        { name: "PEBBLE_AUTHZREUSE", value: "0" },
        { name: "PEBBLE_VA_NOSLEEP", value: "1" },
        { name: "PEBBLE_WFE_NONCEREJECT", value: "0" },
      ],
      volumeMounts: [{ name: "files", mountPath: "/etc/pebble", readOnly: true }],
      readinessProbe: { tcpSocket: { port: 14000 }, periodSeconds: 1 },
    }),
    container(`${name}-challtestsrv`, {
      args: ["-defaultIPv4=", "-defaultIPv6=", "-http01=", "-https01=", "-tlsalpn01=", "-doh="],
    }),
  ];
  return [
    namespaceOf(name, "restricted"),
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": certificate } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      stringData: { "tls.crt": certificate, "tls.key": key, "config.json": JSON.stringify(configuration) },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        clusterIP: lab.acmeService,
        selector: labelsOf(name),
        ports: [
          { name: "acme", port: 14_000 },
          { name: "management", port: 15_000 },
          { name: "dns", port: 8053, protocol: "UDP" },
          { name: "dns-tcp", port: 8053 },
          { name: "dns-api", port: 8055 },
        ],
      },
    },
    onePod(name, {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers,
      volumes: [{ name: "files", secret: { secretName: name } }],
    }),
  ];
}
