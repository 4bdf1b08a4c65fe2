import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { LabError } from "../base/errors.ts";
import { lab } from "./addresses.ts";
import type { LabNode } from "./layout.ts";
import { waitFor } from "./wait.ts";

/** A mounted control group hierarchy. */
export interface Hierarchy {
  readonly mountPoint: string;
  /** Version 1 has one a controller, version 2 one for all. */
  readonly version: 1 | 2;
  /** Mount options; the controllers are among them in version 1. */
  readonly options: readonly string[];
}

/** Reads the hierarchies from the text of /proc/self/mounts. Of several mounts of one, the last counts. */
export function parseHierarchies(mounts: string): Hierarchy[] {
  const found = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([, mountPoint, type, options]): Hierarchy[] =>
      mountPoint !== undefined && (type === "cgroup" || type === "cgroup2")
        ? [{ mountPoint, version: type === "cgroup" ? 1 : 2, options: options?.split(",") ?? [] }]
        : [],
    );
  return [...new Map(found.map((hierarchy) => [hierarchy.mountPoint, hierarchy])).values()];
}

const hierarchies = (): Hierarchy[] => parseHierarchies(readFileSync("/proc/self/mounts", "utf8"));

const groupIn = (hierarchy: Hierarchy, group: string = lab.name): string => join(hierarchy.mountPoint, group);

/** Controllers without which the kubelet does not start. */
const required = ["cpu", "cpuacct", "cpuset", "memory", "pids"];

/** Says what is missing for the kubelet, or nothing. */
export function missingControllers(
  found: readonly Hierarchy[],
  controllersOfV2: readonly string[],
): string[] {
  const v1 = new Set(found.filter(({ version }) => version === 1).flatMap(({ options }) => options));
  const v2 = new Set(controllersOfV2);
  // Version 2 has no cpuacct: the cpu controller counts as well.
  return required.filter((name) => !v1.has(name) && !v2.has(name === "cpuacct" ? "cpu" : name));
}

/** @throws LabError on a machine whose control groups cannot carry a kubelet */
export function checkControlGroups(): void {
  const found = hierarchies();
  const v2 = found.flatMap(({ mountPoint, version }) =>
    version === 2 ? readFileSync(join(mountPoint, "cgroup.controllers"), "utf8").trim().split(" ") : [],
  );
  const missing = missingControllers(found, v2);
  if (missing.length > 0) {
    throw new LabError(
      `control groups: ${missing.join(", ")} not available (/sys/fs/cgroup)`,
      "The lab needs a machine, or a privileged container, with writable control groups.",
    );
  }
}

/**
 * How much processor time the lab gets where others want it too, by the file that says it in either version: as much as eight
 * processes. By default all of a cluster's pods together get as much as one, and its API server answers late on a busy machine.
 */
const weights = { "cpu.shares": 8 * 1024, "cpu.weight": 8 * 100 };

/** Name of the group, below a node's, of its containerd, kubelet and commands. */
const daemons = "node";

/**
 * Makes a node's control group in every hierarchy: pods live in it (the kubelet's `cgroupRoot`), and containerd,
 * kubelet and commands in its child `node`.
 *
 * @returns the `cgroup.procs` file that a process joins the node's group by
 */
export function makeControlGroups({ group }: Pick<LabNode, "group">): string {
  const all = hierarchies();
  for (const hierarchy of all) {
    const path = groupIn(hierarchy, group);
    mkdirSync(path, { recursive: true });
    if (hierarchy.version === 2) enableControllers(hierarchy.mountPoint, path);
    weigh(groupIn(hierarchy));
  }
  // Any hierarchy will do to find the processes again; cpuset's would first want its processors set.
  const carrier =
    all.find(({ version, options }) => version === 1 && options.includes("pids")) ??
    all.find(({ version }) => version === 2);
  if (carrier === undefined) throw new LabError("no control group hierarchy", "Mount /sys/fs/cgroup.");
  const directory = join(groupIn(carrier, group), daemons);
  mkdirSync(directory, { recursive: true });
  return join(directory, "cgroup.procs");
}

/** The groups of further nodes are below the lab's, and share what it gets. */
function weigh(group: string): void {
  for (const [name, weight] of Object.entries(weights)) {
    const file = join(group, name);
    if (existsSync(file)) writeFileSync(file, String(weight));
  }
}

/** Lets a group have every controller, by all groups above it, top first. */
function enableControllers(root: string, group: string): void {
  const parent = dirname(group);
  if (parent !== root) enableControllers(root, parent);
  const controllers = readFileSync(join(parent, "cgroup.controllers"), "utf8").trim();
  if (controllers === "") return;
  const wanted = controllers.split(" ").map((name) => `+${name}`);
  writeFileSync(join(parent, "cgroup.subtree_control"), wanted.join(" "));
}

/** Every process in the lab's control groups, or in one of them and below: nodes, pods and commands. */
export function labProcesses(group: string = lab.name): number[] {
  const groups = hierarchies().flatMap((hierarchy) => tree(groupIn(hierarchy, group)));
  return [...new Set(groups.flatMap(processesOf))];
}

/** Every process of one node. The first one's group has those of the others below it. */
export const processesOfNode = ({ group }: Pick<LabNode, "group">): number[] => [
  ...new Set([daemons, "kubepods"].flatMap((below) => labProcesses(join(group, below)))),
];

/** Removes the lab's control groups, or one of them; there must be no process in them any more. */
export async function removeControlGroups(group: string = lab.name): Promise<void> {
  const roots = hierarchies()
    .map((hierarchy) => groupIn(hierarchy, group))
    .filter((path) => existsSync(path));
  await waitFor(
    () => {
      // Children first. The kernel lets go of a group some milliseconds after its last process.
      for (const group of roots.flatMap(tree).reverse()) if (existsSync(group)) rmdirSync(group);
      return Promise.resolve(true);
    },
    { what: "the lab's control groups are gone", deadline: 20, advice: `Look at ${roots.join(", ")}.` },
  );
}

/** The group and all below it, parents first. */
function tree(group: string): string[] {
  if (!existsSync(group)) return [];
  const children = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [group, ...children.flatMap((child) => tree(join(group, child.name)))];
}

function processesOf(group: string): number[] {
  try {
    return readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch {
    // The group went meanwhile.
    return [];
  }
}
