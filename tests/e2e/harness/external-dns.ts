import { externalDnsImage } from "../../../lab/cluster/addons/external-dns.ts";
import { feed, kubectl, objects } from "./kubectl.ts";
import { waitFor } from "./wait.ts";

const NAMESPACE = "external-dns";

/** Whatever is asked of it: names of Ingresses, IngressRoutes and HTTPRoutes, written to a DNS in its own memory. */
const FLAGS = ["--source=ingress", "--source=traefik-proxy", "--source=gateway-httproute"].concat(
  ["--provider=inmemory", "--inmemory-zone=slipway.test", "--registry=noop", "--policy=sync"],
  ["--once", "--log-format=json"],
);

/**
 * The records that ExternalDNS, started once, makes of a stack's routes: `api.slipway.test A 203.0.113.7`.
 * @param flags more of its flags
 */
export async function dnsRecords(stack: string, ...flags: readonly string[]): Promise<readonly string[]> {
  const name = `once-${stack}`;
  const own = [name, "--namespace", NAMESPACE];
  const args = [...FLAGS, `--label-filter=slipway.dev/stack=${stack}`, ...flags];
  await feed(pod(name, args), "create");
  try {
    const phase = await waitFor(() => ended(own), { message: `ExternalDNS to look at ${stack}` });
    const log = await kubectl("logs", ...own);
    if (phase !== "Succeeded") throw new Error(`ExternalDNS failed:\n${log}`);
    return recordsIn(log);
  } finally {
    await kubectl("delete", "pod", ...own);
  }
}

async function ended(pod: readonly string[]): Promise<string | false> {
  const [found] = await objects("pod", ...pod);
  const { phase } = found?.["status"] as { phase: string };
  return (phase === "Succeeded" || phase === "Failed") && phase;
}

/** What its log says is made: the name, a TTL, the class, the type, an identifier that is empty here, and the targets. */
const recordsIn = (log: string): readonly string[] =>
  [...log.matchAll(/"CREATE: (\S+) \d+ IN (\w+) {2}(\S+) /g)]
    .map(([, host, type, targets]) => [host, type, targets].join(" "))
    .sort();

const pod = (name: string, args: readonly string[]): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: NAMESPACE },
  spec: {
    serviceAccountName: "external-dns",
    restartPolicy: "Never",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "external-dns",
        image: externalDnsImage,
        args,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  },
});
