import type { Cluster } from "../cluster/cluster.ts";
import { ApiError } from "../cluster/errors.ts";
import type { KubeObject } from "../cluster/object.ts";
import { inParallel } from "../base/parallel.ts";
import type { Checkpoint, PendingOperation } from "../state/checkpoint.ts";
import type { Lock } from "../state/locks.ts";
import { missingObjects, statedObjects } from "../state/missing.ts";
import { problemOf } from "./checks/pods.ts";
import { type Router, routersOf } from "./traefik.ts";
import type { ObjectRef } from "../../kubernetes/object.ts";

/** Everything that the checks look at, read once. */
export interface Snapshot {
  readonly now: Date;
  /** Namespaces that the stack has objects in. */
  readonly namespaces: readonly string[];
  /** The cluster that was asked: its context, and the address of its API server. */
  readonly cluster: { readonly context: string; readonly server: string };
  /** Number of objects that the state has. */
  readonly stated: number;
  /** Objects of the state that are not in the cluster. */
  readonly missing: readonly ObjectRef[];
  /** Objects in the stack's namespaces, by kind; those of the cluster's scope, and every Service there is. */
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
  /** The last lines of containers that are in trouble, by `namespace/pod`. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
  /** What Traefik made of its routes, where its API says so. */
  readonly routers: readonly Router[];
  /** Lines of Traefik's log. */
  readonly traefikLog: readonly string[];
  /** What keeps a namespace that is to go, by its name: objects, and whose finalizer each waits for. */
  readonly remains: Readonly<Record<string, readonly string[]>>;
  readonly pending: readonly PendingOperation[];
  readonly locks: readonly Lock[];
  /** Kubernetes' version: `v1.36.4`. */
  readonly kubernetes: string;
  /** Names of the groups that the cluster serves. */
  readonly groups: readonly string[];
  /** Of the Pulumi CLI that is here, and of the one that wrote the state. */
  readonly pulumi: { readonly here: string; readonly state: string | undefined };
  /** Node ports that the stack's configuration asks for. */
  readonly nodePorts: readonly number[];
  /** Hosts of the stack's URLs, with whether this machine finds them. */
  readonly hosts: Readonly<Record<string, boolean>>;
  /** What is wrong with the certificates that clients are shown, by URL. */
  readonly served: Readonly<Record<string, string>>;
}

/** Kinds that are read whole, in the stack's namespaces. */
const NAMESPACED: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["v1", "Pod"],
  ["v1", "Secret"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
  ["networking.k8s.io/v1", "Ingress"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["traefik.io/v1alpha1", "IngressRoute"],
  ["traefik.io/v1alpha1", "Middleware"],
  ["traefik.io/v1alpha1", "TraefikService"],
];

/** Lines of a log that tell how it ended. */
const LAST = 8;

/** Lines of Traefik's log that are looked through: it says everything anew when a route changes. */
const TRAEFIK_LINES = 2_000;

type ClusterPart = Pick<
  Snapshot,
  | "cluster"
  | "stated"
  | "namespaces"
  | "missing"
  | "objects"
  | "logs"
  | "routers"
  | "traefikLog"
  | "remains"
  | "kubernetes"
  | "groups"
>;

/** What the cluster has of a stack. */
export async function readCluster(cluster: Cluster, checkpoint: Checkpoint): Promise<ClusterPart> {
  const refs = statedObjects(checkpoint);
  const own = refs
    .filter(({ kind, apiVersion }) => kind === "Namespace" && apiVersion === "v1")
    .map(({ name }) => name);
  const namespaces = [...new Set([...own, ...refs.flatMap(({ namespace }) => namespace ?? [])])].sort();
  const missing = await missingObjects(cluster, refs);
  const lists = await inParallel(
    NAMESPACED.flatMap(([apiVersion, kind]) =>
      namespaces.map((namespace) => ({ apiVersion, kind, namespace })),
    ),
    async ({ apiVersion, kind, namespace }) =>
      [kind, await cluster.list(apiVersion, kind, { namespace })] as const,
  );
  const objects: Record<string, KubeObject[]> = {
    Service: await cluster.list("v1", "Service"),
    Namespace: await cluster.list("v1", "Namespace"),
  };
  for (const [kind, found] of lists) (objects[kind] ??= []).push(...found);
  const pods = objects["Pod"] ?? [];
  const troubled = pods.flatMap((pod) => problemOf(pod) ?? []);
  const logs = await inParallel(troubled, async ({ pod, container, restarted }) => {
    const key = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
    return [
      key,
      container === undefined ? [] : await logOf(cluster, pod, container, LAST, restarted),
    ] as const;
  });
  const traefiks = pods.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "traefik");
  const traefikLogs = await inParallel(traefiks, (pod) =>
    logOf(cluster, pod, undefined, TRAEFIK_LINES, false),
  );
  const routers = await inParallel(traefiks, (pod) => routersOf(cluster, pod));
  const { gitVersion } = JSON.parse(await cluster.text("/version")) as { gitVersion: string };
  const resources = await cluster.resources();
  return {
    namespaces,
    cluster: { context: cluster.context, server: cluster.server },
    stated: refs.length,
    missing,
    objects,
    logs: Object.fromEntries(logs),
    routers: [...new Map(routers.flat().map((router) => [router.name, router])).values()],
    traefikLog: traefikLogs.flat(),
    remains: await remainsOf(cluster, objects["Namespace"] ?? []),
    kubernetes: gitVersion,
    groups: [...new Set(resources.map(({ apiVersion }) => apiVersion.split("/")[0] ?? ""))],
  };
}

async function logOf(
  cluster: Cluster,
  { metadata: { name, namespace = "" } }: KubeObject,
  container: string | undefined,
  tailLines: number,
  previous: boolean,
): Promise<readonly string[]> {
  try {
    const query = { container, tailLines, ...(previous && { previous: "true" }) };
    const text = await cluster.text(`/api/v1/namespaces/${namespace}/pods/${name}/log`, { query });
    return text.trimEnd().split("\n");
  } catch (error) {
    // A container that never ran has none.
    if (error instanceof ApiError) return [];
    throw error;
  }
}

async function remainsOf(
  cluster: Cluster,
  namespaces: readonly KubeObject[],
): Promise<Record<string, string[]>> {
  const going = namespaces.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const found = await inParallel(going, async ({ metadata: { name } }) => {
    const { objects } = await cluster.listAll({ namespace: name }, ({ namespaced }) => namespaced);
    const waiting = objects.filter(({ metadata }) => (metadata.finalizers ?? []).length > 0);
    return [
      name,
      waiting.map(
        ({ kind, metadata }) =>
          `${kind} ${metadata.name} waits for ${(metadata.finalizers ?? []).join(", ")}`,
      ),
    ] as const;
  });
  return Object.fromEntries(found);
}
