import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { stateDir } from "../base/paths.ts";
import { withLock } from "../base/lock.ts";
import { ensurePackages } from "../base/packages.ts";
import { debianPackages } from "../base/programs.ts";
import type { Log } from "../base/progress.ts";
import { resumeRegistry } from "./addons/registry.ts";
import { makeControlGroups } from "./cgroups.ts";
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
import { findDaemon } from "./daemon.ts";
import { dnsManifests } from "./dns.ts";
import { kubeconfigFile, node } from "./layout.ts";
import { checkMachine, makeMountPoints } from "./machine.ts";
import { makeNetwork } from "./network.ts";
import { containerd, importLayout, kubelet, startContainerd, startKubelet, writeNodeConfig } from "./node.ts";
import { refuseForeignLab, removeCluster, stopNode } from "./stop.ts";

export interface StartOptions {
  /** Directory of the binaries `kubernetes` (all of Kubernetes and etcd) and `coredns`. */
  readonly bin: string;
  readonly log: Log;
}

/**
 * Brings the lab's cluster up, from whatever is there: nothing, a half-made one, one that the machine's restart stopped, or
 * one that runs.
 *
 * @returns the path of the administrator's kubeconfig
 */
export async function startCluster({ bin, log }: StartOptions): Promise<string> {
  await withLock(stateDir("cluster.lock"), log, async () => {
    if (await isRunning()) return;
    await checkStart();
    await ensurePackages(debianPackages.cluster, log);
    log.expect(1);
    if (existsSync(node.initialised)) await log.task("Kubernetes (as it was)", () => resume(bin, log));
    else await log.task("Kubernetes", () => create(bin));
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
  if (!existsSync(node.initialised) || findDaemon(containerd) === undefined) return false;
  return findDaemon(kubelet) !== undefined && (await apiIsReady().catch(() => false));
}

async function create(bin: string): Promise<void> {
  // What an interrupted start left is not worth understanding.
  await removeCluster();
  const imagesMade = controlPlaneImages(bin);
  const crdsFetched = manifests(traefikCrds);
  // Their failures are reported where they are awaited.
  imagesMade.catch(() => undefined);
  crdsFetched.catch(() => undefined);
  const procs = await prepareNode(bin);
  const images = await imagesMade;
  const imported = importLayout(images.layout);
  imported.catch(() => undefined);
  await writeControlPlane(images.version);
  await imported;
  const started = Date.now();
  startKubelet(procs);
  await waitForApi(started);
  await Promise.all([
    installKubeProxy(),
    apply([kubeletAccess, ...dnsManifests(images.coredns)]),
    apply({ file: await crdsFetched }),
  ]);
  await waitForPodNetwork();
  await writeFile(node.initialised, JSON.stringify(origin(images)));
}

async function resume(bin: string, log: Log): Promise<void> {
  await stopNode();
  const procs = await prepareNode(bin);
  const images = await controlPlaneImages(bin);
  const { key } = JSON.parse(await readFile(node.initialised, "utf8")) as Origin;
  if (key !== images.key) await importLayout(images.layout);
  const started = Date.now();
  startKubelet(procs);
  await waitForApi(started);
  await waitForPodNetwork();
  await resumeRegistry(log);
}

/** What a cluster was made of. */
interface Origin {
  readonly version: string;
  readonly key: string;
}

const origin = ({ version, key }: ControlPlaneImages): Origin => ({ version, key });

/** Everything below Kubernetes: network, control groups, configuration, containerd. */
async function prepareNode(bin: string): Promise<string> {
  await mkdir(node.root, { recursive: true, mode: 0o700 });
  const procs = makeControlGroups();
  await makeMountPoints();
  await writeNodeConfig(bin);
  await makeNetwork();
  await startContainerd(procs);
  return procs;
}
