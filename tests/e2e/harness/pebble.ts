import { apply, feed, kubectl, objects } from "./kubectl.ts";

const service = (port: number, scheme = "http"): string =>
  `/api/v1/namespaces/pebble/services/${scheme}:pebble:${port}/proxy`;

/**
 * Lets the lab's ACME server find hosts at a stack's Traefik, as a router would that leads ports 80 and 443 to its node ports.
 * @param namespace of the Traefik
 */
export async function reachable(hosts: readonly string[], namespace: string): Promise<void> {
  const [traefik] = await objects("services", "traefik", "--namespace", namespace);
  const { selector } = traefik?.["spec"] as { selector: object };
  const metadata = { name: "usual-ports", namespace };
  const ports = [
    { name: "http", port: 80, targetPort: "web" },
    { name: "https", port: 443, targetPort: "websecure" },
  ];
  const spec = { selector, ports };
  await apply({ apiVersion: "v1", kind: "Service", metadata, spec });
  const [made] = await objects("services", "usual-ports", "--namespace", namespace);
  const { clusterIP } = made?.["spec"] as { clusterIP: string };
  for (const host of hosts) {
    await feed({ host: `${host}.` }, "create", "--raw", `${service(8055)}/clear-a`);
    await feed({ host: `${host}.`, addresses: [clusterIP] }, "create", "--raw", `${service(8055)}/add-a`);
  }
}

/** Who signs what the lab's ACME server issues, PEM. */
export const pebbleRoot = (): Promise<string> =>
  kubectl("get", "--raw", `${service(15_000, "https")}/roots/0`);

/** The certificate of the lab's ACME server itself, PEM. */
export async function pebbleCertificate(): Promise<string> {
  const [map] = await objects("configmap", "pebble", "--namespace", "pebble");
  return (map?.["data"] as Record<string, string>)["ca.crt"] ?? "";
}

/** Where clients in the cluster find the lab's ACME server. */
export const PEBBLE_DIRECTORY = "https://pebble.pebble.svc:14000/dir";

/** Makes a ClusterIssuer for the lab's ACME server, whose challenges go through the Traefik of a stack. */
export async function acmeIssuer(name: string, ingressClassName: string, stack: string): Promise<void> {
  const labels = { "slipway.dev/stack": stack };
  const ingress = { ingressClassName, serviceType: "ClusterIP", ingressTemplate: { metadata: { labels } } };
  await apply({
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name },
    spec: {
      acme: {
        server: PEBBLE_DIRECTORY,
        caBundle: Buffer.from(await pebbleCertificate()).toString("base64"),
        privateKeySecretRef: { name },
        solvers: [{ http01: { ingress } }],
      },
    },
  });
}

/** Has cert-manager renew a certificate now, as `cmctl renew` does. */
export async function renew(name: string, namespace: string): Promise<void> {
  const issuing = { type: "Issuing", status: "True", reason: "ManuallyTriggered", message: "by a test" };
  const [certificate] = await objects("certificate", name, "--namespace", namespace);
  const { conditions } = certificate?.["status"] as { conditions: object[] };
  const status = {
    conditions: [...conditions, { ...issuing, lastTransitionTime: new Date().toISOString() }],
  };
  const at = ["certificate", name, "--namespace", namespace, "--subresource=status", "--type=merge"];
  await kubectl("patch", ...at, "--patch", JSON.stringify({ status }));
}

/** How many challenges of a host the lab's ACME server has looked at by http. */
export async function challengesOf(host: string): Promise<number> {
  const log = await kubectl(
    "logs",
    "deployment/pebble",
    "--namespace=pebble",
    "--container=pebble",
    "--tail=-1",
  );
  const asked = log.matchAll(/validate w\/ HTTP: http:\/\/([^:]+):80\/\.well-known\/acme-challenge\/(\S+)/g);
  return new Set([...asked].flatMap(([, of, token]) => (of === host ? [token] : []))).size;
}
