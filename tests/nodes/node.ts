import { execa } from "execa";

import { Progress } from "../../lab/base/progress.ts";
import { lab, nodeAddresses } from "../../lab/cluster/addresses.ts";
import { startCluster } from "../../lab/cluster/index.ts";
import { labNode } from "../../lab/cluster/layout.ts";
import { stopWorker } from "../../lab/cluster/stop.ts";
import { toolchainLayout } from "../../lab/toolchain/index.ts";
import { kubectl, type KubeObject, objects } from "../e2e/harness/index.ts";

/** The nodes that the tests need; the first has the control plane. */
export const NODES = [1, 2, 3].map(nodeAddresses);

/** Names of the nodes that an app's pods run on, in order. */
export async function nodesOf(namespace: string, app: string): Promise<string[]> {
  const pods = await podsOf(namespace, app);
  return pods.map(({ spec }) => (spec as { nodeName: string }).nodeName).sort();
}

/** Pods of an app that are not about to end. */
async function podsOf(namespace: string, app: string): Promise<readonly KubeObject[]> {
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

/** Ends a worker node as a failure of its power would. */
export async function die(name: string): Promise<void> {
  const number = NODES.findIndex((node) => node.name === name) + 1;
  await stopWorker(labNode(number));
}

/** Starts the nodes again that do not run. */
export async function revive(): Promise<void> {
  const log = new Progress({ out: { write: () => true } });
  await startCluster({ bin: toolchainLayout().programs, log });
}

/** Name of the node that answers for an address on the link, as this machine has heard it last. */
export async function announcer(address: string): Promise<string | undefined> {
  const { stdout } = await execa("ip", ["-json", "neighbour", "show", "dev", lab.link]);
  const heard = JSON.parse(stdout) as { dst: string; lladdr?: string }[];
  const hardware = (of: string): string | undefined => heard.find(({ dst }) => dst === of)?.lladdr;
  const wanted = hardware(address);
  return NODES.find((node) => wanted !== undefined && hardware(node.address) === wanted)?.name;
}
