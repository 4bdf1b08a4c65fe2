import { existsSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { logFile } from "../base/paths.ts";
import { run } from "../base/run.ts";
import { makeControlGroups } from "./cgroups.ts";
import { cniConfig } from "./cni.ts";
import { containerdConfig } from "./containerd.ts";
import { sandboxImage } from "./control-plane-images.ts";
import { findDaemon, quote, startDaemon, type Daemon } from "./daemon.ts";
import { kubeletArguments, kubeletConfig } from "./kubelet.ts";
import { type LabNode, mountsOf, node, sysctls } from "./layout.ts";
import { makeMountPoints } from "./machine.ts";
import { networkNamespace } from "./network.ts";
import { waitFor } from "./wait.ts";

/** Name of a node's log: that of the first goes without a number. */
const logName = (daemon: string, { number }: LabNode): string =>
  number === 1 ? daemon : `${daemon}-${number}`;

export const containerdOf = (of: LabNode): Daemon => ({
  name: logName("containerd", of),
  commandLine: ["containerd", "--config", of.containerdConfig],
});

export const kubeletOf = (of: LabNode): Daemon => ({
  name: logName("kubelet", of),
  commandLine: [join(of.root, "bin", "kubelet"), `--config=${of.kubeletConfig}`],
});

/** Whether a node's daemons live. */
export const isAlive = (of: LabNode): boolean =>
  findDaemon(containerdOf(of)) !== undefined && findDaemon(kubeletOf(of)) !== undefined;

/** The program that the multi-call binary is under this name. */
export const program = (name: string): string => join(node.root, "bin", name);

/**
 * Everything of a node that is below Kubernetes, its network aside: control group, configuration, containerd.
 *
 * @returns the `cgroup.procs` file that a process joins the node's group by
 */
export async function prepareNode(of: LabNode, bin: string): Promise<string> {
  await mkdir(of.root, { recursive: true, mode: 0o700 });
  const procs = makeControlGroups(of);
  await makeMountPoints(of);
  await writeNodeConfig(of, bin);
  await startContainerd(of, procs);
  return procs;
}

/** Writes the configuration of containerd, its network and the kubelet, and links the programs. */
async function writeNodeConfig(of: LabNode, bin: string): Promise<void> {
  const programs = join(of.root, "bin");
  for (const directory of [of.cni, node.registries, programs]) await mkdir(directory, { recursive: true });
  await writeFile(of.containerdConfig, containerdConfig(of, sandboxImage));
  await writeFile(join(of.cni, "10-lab.conflist"), JSON.stringify(cniConfig(of), null, 2));
  await writeFile(of.kubeletConfig, JSON.stringify(kubeletConfig(of), null, 2));
  await writeFile(of.resolvConf, "# No name server: see lab/cluster/dns.ts\n");
  for (const name of ["kubeadm", "kubelet", "kubectl"]) {
    await rm(join(programs, name), { force: true });
    await symlink(join(bin, "kubernetes"), join(programs, name));
  }
}

/**
 * Starts containerd in the node's network namespace and a new mount namespace, which lives as long as containerd or any pod
 * and ends with all mounts in it. Mounts of the machine stay visible inside; none of the lab's gets out.
 */
async function startContainerd(of: LabNode, procs: string): Promise<void> {
  const containerd = containerdOf(of);
  // Sockets and mounts of the last time.
  await rm(of.run, { recursive: true, force: true });
  await mkdir(of.run, { recursive: true });
  const binds = [
    ...mountsOf(of).map(({ source, path }) => [source, path]),
    ...Object.keys(sysctls).map((name) => [join(node.sysctl, name), `/proc/sys/${name}`]),
  ];
  const inside = [
    "mount --make-rshared /",
    ...binds.map(([source = "", path = ""]) => `mount --no-mtab --bind ${quote(source)} ${quote(path)}`),
    `exec ${containerd.commandLine.map(quote).join(" ")}`,
  ].join("\n");
  const alive = startDaemon(
    containerd,
    `exec nsenter --net=${networkNamespace(of)} unshare --mount --propagation slave sh -ec ${quote(inside)}`,
    procs,
  );
  await waitFor(() => Promise.resolve(existsSync(join(of.run, "containerd.sock"))), {
    what: "containerd answers",
    deadline: 60,
    interval: 50,
    alive,
    advice: `Its log: ${logFile(containerd.name)}`,
  });
}

/**
 * Starts the kubelet in containerd's namespaces.
 *
 * @returns what throws once it has ended
 */
export function startKubelet(of: LabNode, procs: string): () => void {
  const kubelet = kubeletOf(of);
  const [binary = ""] = kubelet.commandLine;
  const words = [...insideNode(of), binary, ...kubeletArguments(of)];
  return startDaemon(kubelet, `exec nsenter ${words.map(quote).join(" ")}`, procs);
}

/** `nsenter` arguments that lead to a node. */
export function insideNode(of: LabNode): string[] {
  const pid = findDaemon(containerdOf(of));
  if (pid === undefined) {
    throw new LabError(
      of.number === 1 ? "the lab's cluster does not run" : `the node ${of.name} does not run`,
      "Start it: make lab",
    );
  }
  return [`--target=${pid}`, "--mount", "--net", "--"];
}

/** Runs a command on a node: in its network, with its files. Paths are absolute. */
export async function runOnNode(of: LabNode, command: string, args: readonly string[]): Promise<void> {
  await run("nsenter", [...insideNode(of), command, ...args], { log: "cluster" });
}
