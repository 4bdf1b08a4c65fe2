import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";

import { Interrupted, LabError } from "../base/errors.ts";
import { withLock } from "../base/lock.ts";
import { stateDir } from "../base/paths.ts";
import type { Log } from "../base/progress.ts";
import { run } from "../base/run.ts";
import { labProcesses, removeControlGroups } from "./cgroups.ts";
import { lab } from "./addresses.ts";
import { forgetKubeconfig } from "./control-plane.ts";
import { commandLineOf } from "./daemon.ts";
import { type LabNode, node } from "./layout.ts";
import { removeMountPoints } from "./machine.ts";
import { labNamespaces, processesInNetwork, removeNamespace, removeNetwork } from "./network.ts";
import { workers } from "./nodes.ts";
import { unplug } from "./switch.ts";
import { waitFor } from "./wait.ts";

/** Takes the cluster away with everything it left on the machine; the built binaries and images stay in the cache. */
export async function stopCluster(log: Log): Promise<void> {
  await withLock(stateDir("cluster.lock"), log, async () => {
    refuseForeignLab();
    log.expect(1);
    await log.task("Removing the cluster", removeCluster);
  });
}

/** Removes whatever there is of a cluster, complete or not. */
export async function removeCluster(): Promise<void> {
  await stopNodes();
  await removeMountPoints();
  for (const { root } of [...workers(), node]) {
    await unmountBelow(root);
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
  await forgetKubeconfig();
}

/** Ends processes, mounts, network and control groups, and keeps the cluster's data. */
export async function stopNodes(): Promise<void> {
  await endProcesses(lab.name, labNamespaces());
  // The mount namespaces went with their last processes, and every mount with them.
  await removeNetwork();
  await removeControlGroups();
}

/** Takes a worker node from the cluster as a failure of its power would: without a word, and at once. Its data stays. */
export async function stopWorker(of: LabNode): Promise<void> {
  await unplug(of);
  await endProcesses(of.group, [of]);
  await removeNamespace(of);
  await removeControlGroups(of.group);
}

/**
 * Kills pods and daemons. Nothing in the lab has to be asked politely: its data goes, or was written to survive this.
 *
 * @param group control group that they live in
 * @param namespaces network namespaces that they live in
 */
async function endProcesses(group: string, namespaces: readonly { readonly name: string }[]): Promise<void> {
  const killed = new Set<number>();
  await waitFor(
    async () => {
      const inside = await Promise.all(namespaces.map(processesInNetwork));
      const pids = [...new Set([...labProcesses(group), ...inside.flat()])];
      for (const pid of pids) {
        kill(pid);
        killed.add(pid);
      }
      return pids.length === 0;
    },
    {
      what: "the lab's processes have ended",
      deadline: 30,
      interval: 50,
      advice: () =>
        `Still there: ${labProcesses(group).join(", ")}. A process that SIGKILL does not end waits for a disk.`,
    },
  );
  await awaitReaping([...killed]);
}

/** Dead processes stay listed until the machine's init collects them: soon, or never where a container's does not care. */
async function awaitReaping(pids: readonly number[]): Promise<void> {
  const reaped = (): Promise<boolean> => Promise.resolve(!pids.some((pid) => existsSync(`/proc/${pid}`)));
  await waitFor(reaped, { what: "", deadline: 3, interval: 50, advice: "" }).catch((error: unknown) => {
    if (error instanceof Interrupted) throw error;
  });
}

function kill(pid: number): void {
  // A kernel thread or a process of another PID namespace shows as 0; signalling that would hit ourselves.
  if (pid <= 1) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

/** Mounts of the machine's own namespace below a directory: none, unless somebody looked inside by hand. */
async function unmountBelow(directory: string): Promise<void> {
  for (const mountPoint of mountsBelow(directory, readFileSync("/proc/self/mounts", "utf8"))) {
    await run("umount", ["--lazy", mountPoint], { log: "cluster" });
  }
}

/** The mount points below a directory, innermost first, from the text of /proc/self/mounts. */
export function mountsBelow(directory: string, mounts: string): string[] {
  return mounts
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${directory}/`))
    .reverse();
}

/**
 * The lab's network and control groups exist once a machine. A lab of another state directory is its owner's to stop.
 *
 * @throws LabError when one runs
 */
export function refuseForeignLab(): void {
  for (const pid of labProcesses()) {
    const [command, flag, config] = commandLineOf(pid);
    if (command !== "containerd" || flag !== "--config" || config === undefined) continue;
    if (config.startsWith(stateDir()) || !existsSync(config)) continue;
    throw new LabError(
      `another lab runs on this machine, with its state in ${config.replace(/\/slipway\/lab\/.*$/, "")}`,
      `Use it, or stop it: XDG_STATE_HOME=${config.replace(/\/slipway\/lab\/.*$/, "")} make lab-down`,
    );
  }
}
