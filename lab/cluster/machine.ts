import { existsSync } from "node:fs";
import { mkdir, readFile, rm, rmdir, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { LabError } from "../base/errors.ts";
import { stateDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";
import { checkControlGroups } from "./cgroups.ts";
import { type LabNode, mountsOf, node, sysctls } from "./layout.ts";

/** Below this much free disk the start is refused, in GiB: images and their unpacked copies need about two. */
const enoughDisk = 3;

/** `OVERLAYFS_SUPER_MAGIC` in Linux' magic.h. */
const overlayfs = 0x794c7630;

/** @throws LabError when this machine cannot carry the lab */
export async function checkMachine(): Promise<void> {
  if (process.platform !== "linux") {
    throw new LabError(
      `the lab runs on Linux only, not on ${process.platform}`,
      "Use a cluster of your own: see “On a cluster of your own” in README.md.",
    );
  }
  if (process.getuid?.() !== 0) {
    throw new LabError(
      "the lab's cluster needs root",
      "Run the command as root, for example: sudo -E make lab",
    );
  }
  await capture("unshare", ["--mount", "--net", "true"], {
    advice: "The lab makes namespaces, which needs CAP_SYS_ADMIN: not every container has it.",
  });
  checkControlGroups();
  await mkdir(stateDir(), { recursive: true });
  const { type, bavail, bsize } = await statfs(stateDir());
  if (type === overlayfs) {
    throw new LabError(
      `${stateDir()} lies on an overlay file system, as a container's root does; containers cannot be stacked on it`,
      "Set XDG_STATE_HOME to a directory on a volume, or on a tmpfs if there is memory enough.",
    );
  }
  const free = (bavail * bsize) / 2 ** 30;
  if (free < enoughDisk) {
    throw new LabError(
      `${free.toFixed(1)} GiB free at ${stateDir()}, the cluster needs ${enoughDisk}`,
      "Free some space, or set XDG_STATE_HOME to a directory on a larger disk.",
    );
  }
}

/** Makes the directories that a node's mounts need on both sides, and remembers those that were missing outside. */
export async function makeMountPoints(of: LabNode): Promise<void> {
  const mounts = mountsOf(of);
  const missing = mounts.map(({ path }) => path).filter((path) => !existsSync(path));
  const known = await readMountPoints();
  await mkdir(of.root, { recursive: true, mode: 0o700 });
  await writeFile(node.mountPoints, JSON.stringify([...new Set([...known, ...missing])]));
  for (const { path, source } of mounts) {
    await mkdir(source, { recursive: true });
    await mkdir(path, { recursive: true });
  }
  for (const [name, value] of Object.entries(sysctls)) {
    const file = join(node.sysctl, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${value}\n`);
  }
}

/** Takes back what {@link makeMountPoints} made outside of the state directory. */
export async function removeMountPoints(): Promise<void> {
  for (const path of await readMountPoints()) {
    // Something of the machine's own may have come to live there since.
    await rmdir(path).catch(() => undefined);
  }
  await rm(node.mountPoints, { force: true });
}

async function readMountPoints(): Promise<string[]> {
  if (!existsSync(node.mountPoints)) return [];
  return JSON.parse(await readFile(node.mountPoints, "utf8")) as string[];
}
