import { existsSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { logFile } from "../base/paths.ts";
import { capture, run, type CaptureOptions } from "../base/run.ts";
import { cniConfig } from "./cni.ts";
import { containerdConfig } from "./containerd.ts";
import { sandboxImage } from "./control-plane-images.ts";
import { expectAlive, findDaemon, quote, startDaemon, type Daemon } from "./daemon.ts";
import { kubeletArguments, kubeletConfig } from "./kubelet.ts";
import { containerdSocket, mounts, node, sysctls } from "./layout.ts";
import { networkNamespace } from "./network.ts";
import { waitFor } from "./wait.ts";

export const containerd: Daemon = {
  name: "containerd",
  commandLine: ["containerd", "--config", node.containerdConfig],
};

export const kubelet: Daemon = {
  name: "kubelet",
  commandLine: [join(node.root, "bin", "kubelet"), `--config=${node.kubeletConfig}`],
};

/** The program that the multi-call binary is under this name. */
export const program = (name: string): string => join(node.root, "bin", name);

/** Writes the configuration of containerd, its network and the kubelet, and links the programs. */
export async function writeNodeConfig(bin: string): Promise<void> {
  for (const directory of [node.cni, node.registries, join(node.root, "bin")]) {
    await mkdir(directory, { recursive: true });
  }
  await writeFile(node.containerdConfig, containerdConfig({ sandboxImage }));
  await writeFile(join(node.cni, "10-lab.conflist"), JSON.stringify(cniConfig(), null, 2));
  await writeFile(node.kubeletConfig, JSON.stringify(kubeletConfig(), null, 2));
  await writeFile(node.resolvConf, "# No name server: see lab/cluster/dns.ts\n");
  for (const name of ["kubeadm", "kubelet", "kubectl"]) {
    await rm(program(name), { force: true });
    await symlink(join(bin, "kubernetes"), program(name));
  }
}

/**
 * Starts containerd in the lab's network namespace and a new mount namespace, which lives as long as containerd or any pod
 * and ends with all mounts in it. Mounts of the machine stay visible inside; none of the lab's gets out.
 */
export async function startContainerd(procs: string): Promise<void> {
  // Sockets and mounts of the last time.
  await rm(node.run, { recursive: true, force: true });
  await mkdir(node.run, { recursive: true });
  const binds = [
    ...mounts.map(({ source, path }) => [source, path]),
    ...Object.keys(sysctls).map((name) => [join(node.sysctl, name), `/proc/sys/${name}`]),
  ];
  const inside = [
    "mount --make-rshared /",
    ...binds.map(([source = "", path = ""]) => `mount --no-mtab --bind ${quote(source)} ${quote(path)}`),
    `exec ${containerd.commandLine.map(quote).join(" ")}`,
  ].join("\n");
  const started = Date.now();
  startDaemon(
    containerd,
    `exec nsenter --net=${networkNamespace} unshare --mount --propagation slave sh -ec ${quote(inside)}`,
    procs,
  );
  await waitFor(() => Promise.resolve(existsSync(join(node.run, "containerd.sock"))), {
    what: "containerd answers",
    deadline: 60,
    interval: 50,
    alive: () => {
      expectAlive(containerd, started);
    },
    advice: `Its log: ${logFile("containerd")}`,
  });
}

/** Starts the kubelet in containerd's namespaces. */
export function startKubelet(procs: string): void {
  const [binary = ""] = kubelet.commandLine;
  const words = [...insideNode(), binary, ...kubeletArguments()];
  startDaemon(kubelet, `exec nsenter ${words.map(quote).join(" ")}`, procs);
}

/** `nsenter` arguments that lead to the node. */
export function insideNode(): string[] {
  const pid = findDaemon(containerd);
  if (pid === undefined) throw new LabError("the lab's cluster does not run", "Start it: make lab");
  return [`--target=${pid}`, "--mount", "--net", "--"];
}

/** Runs a command on the node: in its network, with its files. Paths are absolute. */
export async function runOnNode(command: string, args: readonly string[], input?: string): Promise<void> {
  const words = [...insideNode(), command, ...args];
  await run("nsenter", words, { log: "cluster", ...(input === undefined ? {} : { input }) });
}

/** Like {@link runOnNode}, and returns the output. */
async function captureOnNode(
  command: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<string> {
  return capture("nsenter", [...insideNode(), command, ...args], options);
}

const ctr = ["--address", containerdSocket, "--namespace", "k8s.io"] as const;

/** Imports the images of an OCI image layout, which is a directory. */
export async function importLayout(layout: string): Promise<void> {
  const script = `tar --create --directory="$1" . | { shift; exec "$@"; }`;
  const words = [...insideNode(), "ctr", ...ctr, "images", "import", "-"];
  await run("sh", ["-c", script, "import", layout, "nsenter", ...words], { log: "cluster" });
}

/**
 * Imports an image archive, as `docker save` or `buildah push … oci-archive:` write it.
 *
 * @param archive absolute path
 */
export async function importImage(archive: string): Promise<void> {
  await runOnNode("ctr", [...ctr, "images", "import", archive]);
}

/** The full names of the images on the node, with their manifests' digests. */
export async function listImages(): Promise<ReadonlyMap<string, string>> {
  return readImages(await captureOnNode("ctr", [...ctr, "images", "list"]));
}

/** Reads what `ctr images list` prints: a heading, then a name, a media type, a digest and more. */
export function readImages(list: string): ReadonlyMap<string, string> {
  const rows = list.split("\n").slice(1);
  return new Map(rows.map((row) => row.split(/\s+/)).map(([name = "", , digest = ""]) => [name, digest]));
}

/** @param name as in a pod: `slipway-api:1a2b` is `docker.io/library/slipway-api:1a2b` */
export async function hasImage(name: string): Promise<boolean> {
  return (await listImages()).has(fullImageName(name));
}

/** Docker's rule for short names: the first part is a registry if it looks like a host. */
export function fullImageName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? name : `docker.io/${rest.length > 0 ? "" : "library/"}${name}`;
  return /[:@][^/]*$/.test(path) ? path : `${path}:latest`;
}
