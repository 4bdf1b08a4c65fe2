import { nodeAddresses } from "../../lab/cluster/addresses.ts";
import { kubectl, type KubeObject, objects } from "../e2e/harness/index.ts";

/** The nodes that the tests need; the first has the control plane. */
export const NODES = [1, 2, 3].map(nodeAddresses);

/** Names of the nodes that an app's pods run on, in order. */
export async function nodesOf(namespace: string, app: string): Promise<string[]> {
  const pods = await podsOf(namespace, app);
  return pods.map(({ spec }) => (spec as { nodeName: string }).nodeName).sort();
}

/** Pods of an app that are not about to end. */
export async function podsOf(namespace: string, app: string): Promise<readonly KubeObject[]> {
  const pods = await objects("pods", "--namespace", namespace, `-lapp.kubernetes.io/name=${app}`);
  return pods.filter(({ metadata }) => !("deletionTimestamp" in metadata));
}

/** Makes room on a node for maintenance, as far as a stack's pods are concerned, and ends when they have gone. */
export async function drain(node: string, stack: string): Promise<void> {
  await kubectl(
    ...["drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=120s"],
    `--pod-selector=slipway.dev/stack=${stack}`,
  );
}

/** Lets pods come to a node again. */
export async function uncordon(node: string): Promise<void> {
  await kubectl("uncordon", node);
}
