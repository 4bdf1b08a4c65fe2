import { Client } from "./client.ts";
import { apply, kubectl, objects } from "./kubectl.ts";
import { waitFor } from "./wait.ts";

const HOST = "settled.test";

/** Traefik's service that answers without a server. */
const NOOP = { service: "noop@internal", status: 418 };

/**
 * Waits until a Traefik serves every route that is in the cluster now. It reads all of them at once, some time after they are
 * made: when one that is made last answers, so do those before it.
 * @param namespace of an example, which its Traefik's IngressClass and namespace are named after
 * @param address that clients reach the Traefik at
 */
export async function settled(namespace: string, stack: string, address: string): Promise<void> {
  const metadata = { name: "settled", namespace, labels: { "slipway.dev/stack": stack } };
  const services = [{ kind: "TraefikService", name: NOOP.service }];
  const spec = {
    ingressClassName: namespace,
    entryPoints: ["web"],
    routes: [{ kind: "Rule", match: `Host(\`${HOST}\`)`, services }],
  };
  await apply({ apiVersion: "traefik.io/v1alpha1", kind: "IngressRoute", metadata, spec });
  const client = new Client({ address, keepAlive: false });
  const port = await webPort(namespace);
  try {
    await waitFor(async () => (await client.get(`http://${HOST}:${port}/`)).status === NOOP.status, {
      message: `the Traefik of ${namespace} to have read its routes`,
    });
  } finally {
    await client.close();
    await kubectl("delete", "ingressroute", metadata.name, "--namespace", namespace);
  }
}

/**
 * Port of plain http at an example's Traefik: a node port, or the nodes' own.
 * @param namespace of the example
 */
export async function webPort(namespace: string): Promise<number> {
  const [service] = await objects("service/traefik", "--namespace", `${namespace}-traefik`);
  const { ports } = service?.["spec"] as { ports: { name: string; nodePort?: number }[] };
  return ports.find(({ name }) => name === "web")?.nodePort ?? 80;
}
