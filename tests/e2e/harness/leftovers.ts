import { kubectl, objects } from "./kubectl.ts";

/**
 * Objects in the cluster that a stack has left behind: those labelled as its own, of any kind, and any other whose name
 * or namespace is the stack's.
 * @param prefix what the names of the stack's namespaces and cluster-wide objects begin with: `slipway-e2e`
 */
export async function leftovers(stack: string, prefix: string): Promise<string[]> {
  const kinds = (await kubectl("api-resources", "--verbs", "list", "--output", "name")).trim().split("\n");
  // Events outlive their namespace by design of the API server, which expires them.
  const lasting = kinds.filter((kind) => !kind.startsWith("events"));
  const all = await objects(lasting.join(","), "--all-namespaces", "--ignore-not-found");
  const own = all.filter(
    ({ metadata }) =>
      metadata.labels?.["slipway.dev/stack"] === stack ||
      metadata.namespace?.startsWith(prefix) ||
      metadata.name.startsWith(prefix),
  );
  return own.map(
    ({ kind, metadata }) => `${kind} ${[metadata.namespace, metadata.name].filter(Boolean).join("/")}`,
  );
}
