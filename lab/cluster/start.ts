import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

import { stateDir } from "../base/paths.ts";
import { withLock } from "../base/lock.ts";
import { ensurePackages } from "../base/packages.ts";
import { debianPackages } from "../base/programs.ts";
import type { Log } from "../base/progress.ts";
import { resumeRegistry } from "./addons/registry.ts";
import { controlPlaneImages, type ControlPlaneImages } from "./control-plane-images.ts";
import {
  kubeletAccess,
  apiIsReady,
  apply,
  installKubeProxy,
  waitForApi,
  waitForPodNetwork,
  writeControlPlane,
} from "./control-plane.ts";
import { manifests, traefikCrds } from "./manifests.ts";
import { dnsManifests } from "./dns.ts";
import { kubeconfigFile, node } from "./layout.ts";
import { importLayout } from "./images.ts";
import { checkMachine } from "./machine.ts";
import { makeNetwork } from "./network.ts";
import { isAlive, prepareNode, startKubelet } from "./node.ts";
import { openNodes } from "./nodes.ts";
import { refuseForeignLab, removeCluster, stopNodes } from "./stop.ts";
import { bringWorkers } from "./workers.ts";

export interface StartOptions {
  /** Directory of the binaries `kubernetes` (all of Kubernetes and etcd) and `coredns`. */
  readonly bin: string;
  readonly log: Log;
  /**
   * How many nodes it is to have, the one with the control plane included.
   * @default those that it has, or one
   */
  readonly nodes?: number | undefined;
}

/**
 * Brings the lab's cluster up, from whatever is there: nothing, a half-made one, one that the machine's restart stopped, or
 * one that runs.
 *
 * @returns the path of the administrator's kubeconfig
 */
export async function startCluster({ bin, log, nodes }: StartOptions): Promise<string> {
  await withLock(stateDir("cluster.lock"), log, async () => {
    if (!(await isRunning())) {
      await checkStart();
      await ensurePackages(debianPackages.cluster, log);
      log.expect(1);
      if (existsSync(node.initialised)) await log.task("Kubernetes (as it was)", () => resume(bin, log));
      else await log.task("Kubernetes", () => create(bin));
    }
    await bringWorkers(nodes, bin, log);
    await openNodes(log);
  });
  return kubeconfigFile;
}

/**
 * Finds out early, before anything is built for it, whether the cluster can run here.
 *
 * @throws LabError on a machine that cannot carry it, or carries another lab; not when it runs already
 */
export async function checkCluster(): Promise<void> {
  if (!(await isRunning())) await checkStart();
}

async function checkStart(): Promise<void> {
  await checkMachine();
  refuseForeignLab();
}

/** Whether the cluster was made completely, its daemons live and its API answers. */
async function isRunning(): Promise<boolean> {
  return existsSync(node.initialised) && isAlive(node) && (await apiIsReady().catch(() => false));
}

async function create(bin: string): Promise<void> {
  // What an interrupted start left is not worth understanding.
  await removeCluster();
  const imagesMade = controlPlaneImages(bin);
  const crdsFetched = manifests(traefikCrds);
  // Their failures are reported where they are awaited.
  imagesMade.catch(() => undefined);
  crdsFetched.catch(() => undefined);
  const begun = Date.now();
  const procs = await prepareFirstNode(bin);
  const images = await imagesMade;
  const imported = importLayout(images.layout, [node]);
  imported.catch(() => undefined);
  await writeControlPlane(images.version);
  await imported;
  await waitForApi(startKubelet(node, procs));
  await Promise.all([
    installKubeProxy(),
    apply([kubeletAccess, ...dnsManifests(images.coredns)]),
    apply({ file: await crdsFetched }),
  ]);
  await waitForPodNetwork();
  await writeFile(node.initialised, JSON.stringify(origin(images, begun)));
}

async function resume(bin: string, log: Log): Promise<void> {
  await stopNodes();
  const begun = Date.now();
  const procs = await prepareFirstNode(bin);
  const images = await controlPlaneImages(bin);
  const made = JSON.parse(await readFile(node.initialised, "utf8")) as Origin;
  if (made.key !== images.key) await importLayout(images.layout, [node]);
  await waitForApi(startKubelet(node, procs));
  await waitForPodNetwork();
  await writeFile(node.initialised, JSON.stringify({ ...made, seconds: secondsSince(begun) }));
  await resumeRegistry(log);
}

/** What a cluster was made of. */
interface Origin {
  readonly version: string;
  readonly key: string;
  /** Seconds until it was ready, when it was last started. */
  readonly seconds: number;
}

const secondsSince = (begun: number): number => (Date.now() - begun) / 1000;

const origin = ({ version, key }: ControlPlaneImages, begun: number): Origin => ({
  version,
  key,
  seconds: secondsSince(begun),
});

async function prepareFirstNode(bin: string): Promise<string> {
  await makeNetwork();
  return prepareNode(node, bin);
}
