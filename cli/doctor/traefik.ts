import type { Cluster } from "../cluster/cluster.ts";
import { ApiError } from "../cluster/errors.ts";
import type { KubeObject } from "../cluster/object.ts";

/** A router as Traefik's own API has it: what it made of a rule. */
export interface Router {
  /** `shop_web_0@kubernetescrd`. */
  readonly name: string;
  readonly status: "enabled" | "warning" | "disabled";
  /** Why it is not served, or not as it was meant. */
  readonly error?: readonly string[];
}

interface Containers {
  readonly containers: readonly { readonly args?: readonly string[] }[];
}

/** Kinds of routers that have an address of their own in the API. */
const PROTOCOLS = ["http", "tcp", "udp"];

/** Routers in one answer: more than any Traefik has. */
const ALL = 100_000;

/**
 * Routers of a Traefik, each once; none where its API is not open within the cluster (`api.insecure`), or this account may not
 * ask pods through the API server. Then its log is all that it says.
 */
export async function routersOf(cluster: Cluster, pod: KubeObject): Promise<readonly Router[]> {
  const port = apiPort(pod);
  if (port === undefined) return [];
  const { name, namespace = "" } = pod.metadata;
  const lists = await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy/api/${protocol}/routers`;
      try {
        return JSON.parse(await cluster.text(path, { query: { per_page: ALL } })) as readonly Router[];
      } catch (error) {
        // Forbidden, or a pod that is not ready.
        if (error instanceof ApiError) return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

/** Port of the API that asks for no password, as the pod's arguments say; `undefined` where there is none. */
export function apiPort(pod: KubeObject): number | undefined {
  const { containers } = pod["spec"] as Containers;
  const args = containers.flatMap(({ args = [] }) => args.map((arg) => arg.toLowerCase()));
  if (!args.some((arg) => /^--api\.insecure(=true)?$/.test(arg))) return undefined;
  const address = args.flatMap((arg) => /^--entrypoints\.traefik\.address=.*:(\d+)/.exec(arg)?.[1] ?? []);
  return Number(address[0] ?? 8080);
}
