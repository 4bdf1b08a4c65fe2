import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { logFile } from "../base/paths.ts";
import type { Log } from "../base/progress.ts";
import { capture } from "../base/run.ts";
import { mostNodes } from "./addresses.ts";
import { apply, kubectl } from "./control-plane.ts";
import { logTail } from "./daemon.ts";
import { copyImages } from "./images.ts";
import { type LabNode, labNode, node } from "./layout.ts";
import { insideNode, isAlive, kubeletOf, prepareNode, program, startKubelet } from "./node.ts";
import { workers } from "./nodes.ts";
import { stopWorker } from "./stop.ts";
import { makeNodeNetwork, removeRoutes } from "./switch.ts";
import { waitFor } from "./wait.ts";

/** @throws LabError for a number of nodes that the lab has no room for */
export function checkNodes(nodes: number): void {
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= mostNodes) return;
  throw new LabError(
    `NODES=${nodes}: the lab has 1 to ${mostNodes} nodes`,
    "Say how many the cluster is to have, the one with the control plane included: make lab NODES=3",
  );
}

/**
 * Lets worker nodes join the running cluster, starts those again that do not run, and removes those that are too many.
 *
 * @param nodes how many nodes the cluster is to have, the first one included; undefined for those that it has
 */
export async function bringWorkers(nodes: number | undefined, bin: string, log: Log): Promise<void> {
  const there = workers();
  const wanted =
    nodes === undefined ? there : Array.from({ length: nodes - 1 }, (_, index) => labNode(index + 2));
  const surplus = there.filter(({ number }) => !wanted.some((of) => of.number === number));
  const missing = wanted.filter((of) => !(existsSync(of.initialised) && isAlive(of)));
  log.expect(surplus.length + missing.length);
  for (const of of surplus) await log.task(`Removing the node ${of.name}`, () => removeWorker(of));
  for (const of of missing) await log.task(`Node ${of.name}`, () => startWorker(of, bin));
}

async function startWorker(of: LabNode, bin: string): Promise<void> {
  const begun = Date.now();
  // What an interrupted start, or the machine's restart, left.
  await stopWorker(of);
  const others = workers().filter((other) => other.number !== of.number && isAlive(other));
  await makeNodeNetwork(of, [node, ...others]);
  const procs = await prepareNode(of, bin);
  await Promise.all([copyImages(of), admit(of)]);
  const started = Date.now();
  const alive = startKubelet(of, procs);
  await waitFor(() => isReady(of, started), {
    what: `the node ${of.name} is ready`,
    deadline: 120,
    alive,
    advice: () => `${logTail(kubeletOf(of).name)}\nThe kubelet's log: ${logFile(kubeletOf(of).name)}`,
  });
  await writeFile(of.initialised, JSON.stringify({ seconds: (Date.now() - begun) / 1000 }));
}

/** Gives the kubelet what it names itself to the API server by, and the node its part of the pod range. */
async function admit(of: LabNode): Promise<void> {
  const user = ["--client-name", `system:node:${of.name}`, "--org", "system:nodes"];
  const words = [program("kubeadm"), "kubeconfig", "user", "--config", node.kubeadmConfig, ...user];
  const kubeconfig = await capture("nsenter", [...insideNode(node), ...words]);
  await mkdir(join(of.kubernetes, "pki"), { recursive: true });
  await writeFile(join(of.kubernetes, "kubelet.conf"), kubeconfig, { mode: 0o600 });
  await copyFile(join(node.kubernetes, "pki", "ca.crt"), join(of.kubernetes, "pki", "ca.crt"));
  // Otherwise the controller manager would pick one, another one each time.
  const spec = { podCIDR: of.podRange, podCIDRs: [of.podRange] };
  await apply([{ apiVersion: "v1", kind: "Node", metadata: { name: of.name }, spec }]);
}

interface List<Status> {
  readonly items: readonly { readonly status: Status }[];
}

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

interface PodStatus {
  readonly containerStatuses?: readonly {
    readonly ready: boolean;
    readonly state: { readonly running?: { readonly startedAt: string } };
  }[];
}

/** Whether a node is ready, and node ports answer there: what is known of a node from before may say so, too. */
async function isReady({ name }: LabNode, since: number): Promise<boolean> {
  const get = async <Status>(...args: string[]): Promise<Status[]> => {
    const { items } = JSON.parse(await kubectl(["get", ...args, "--output=json"])) as List<Status>;
    return items.map(({ status }) => status);
  };
  const on = (field: string): string => `--field-selector=${field}=${name}`;
  const nodes = await get<NodeStatus>("nodes", on("metadata.name"));
  const proxies = await get<PodStatus>(
    ...["pods", "--namespace=kube-system", "--selector=k8s-app=kube-proxy", on("spec.nodeName")],
  );
  // The API server has whole seconds.
  const fresh = (startedAt: string): boolean => Date.parse(startedAt) >= since - 1000;
  return (
    nodes.some(({ conditions = [] }) =>
      conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    ) &&
    proxies.some(({ containerStatuses = [] }) =>
      containerStatuses.some(({ ready, state }) => ready && fresh(state.running?.startedAt ?? "")),
    )
  );
}

/** Moves pods to other nodes, where they can be moved, and takes the node away. */
async function removeWorker(of: LabNode): Promise<void> {
  const how = ["--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=60s"];
  // Whoever asks for fewer nodes gets them, whatever a disruption budget says in the end.
  if (isAlive(of)) await kubectl(["drain", of.name, ...how]).catch(() => "");
  await stopWorker(of);
  await removeRoutes(of, [node, ...workers().filter(isAlive)]);
  await kubectl(["delete", "node", of.name, "--ignore-not-found"]);
  const left = ["--all-namespaces", `--field-selector=spec.nodeName=${of.name}`];
  await kubectl(["delete", "pods", ...left, "--force", "--grace-period=0"]);
  await rm(of.root, { recursive: true, force: true, maxRetries: 3 });
}
