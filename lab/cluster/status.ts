import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { labProcesses } from "./cgroups.ts";
import { apiIsReady, nodeIsReady } from "./control-plane.ts";
import { findDaemon } from "./daemon.ts";
import { kubeconfigFile, node } from "./layout.ts";
import { containerdOf, isAlive, kubeletOf } from "./node.ts";
import { workers } from "./nodes.ts";

export interface ClusterStatus {
  /**
   * - `absent`: nothing there
   * - `stopped`: made once, and stopped by a restart of the machine; starting goes on from there
   * - `incomplete`: a start was interrupted or is under way; starting begins anew
   * - `failing`: it runs, but does not answer as it should
   * - `ready`
   */
  readonly state: "absent" | "stopped" | "incomplete" | "failing" | "ready";
  /** What fails, one line each. */
  readonly problems: readonly string[];
  /** As `v1.36.4`. */
  readonly version?: string;
  readonly kubeconfig: string;
}

/** Looks at the cluster without changing anything. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const base = { problems: [], kubeconfig: kubeconfigFile };
  if (!existsSync(node.root)) return { ...base, state: "absent" };
  if (!existsSync(node.initialised)) return { ...base, state: "incomplete" };
  const { version } = JSON.parse(await readFile(node.initialised, "utf8")) as { version: string };
  if (labProcesses().length === 0) return { ...base, state: "stopped", version };
  const problems = await problemsOf();
  return { ...base, state: problems.length === 0 ? "ready" : "failing", version, problems };
}

async function problemsOf(): Promise<string[]> {
  const dead = [containerdOf(node), kubeletOf(node)].filter((daemon) => findDaemon(daemon) === undefined);
  const problems = [
    ...dead.map(({ name }) => `${name} does not run`),
    ...workers()
      .filter((of) => !isAlive(of))
      .map(({ name }) => `the node ${name} does not run`),
  ];
  if (!(await apiIsReady().catch(() => false))) return [...problems, "the API server does not answer"];
  return (await nodeIsReady().catch(() => false)) ? problems : [...problems, "the node is not ready"];
}
