import { rm } from "node:fs/promises";

import { matchBackend } from "./backend.ts";
import { ensurePackages } from "./base/packages.ts";
import { stateDir } from "./base/paths.ts";
import { debianPackages } from "./base/programs.ts";
import type { Log } from "./base/progress.ts";
import {
  addonBinaries,
  checkCluster,
  checkNodes,
  startAddons,
  startCluster,
  stopCluster,
} from "./cluster/index.ts";
import { writeSite } from "./env.ts";
import { buildImages, provideImages, provideTraefikImage } from "./images/index.ts";
import { ensurePassphrase, filterSalts } from "./secrets.ts";
import { bringToolchain } from "./toolchain/index.ts";

/**
 * Brings everything that stacks need: programs, cluster, images. What does not wait for another goes on at the same time: the
 * cluster starts as soon as its own programs are built.
 *
 * @param nodes how many nodes the cluster is to have; those that it has, unless given
 */
export async function bringLab(log: Log, addons: readonly string[] = [], nodes?: number): Promise<void> {
  const binaries = addonBinaries(addons);
  if (nodes !== undefined) checkNodes(nodes);
  await checkCluster();
  await ensurePassphrase();
  await filterSalts();
  await writeSite();
  const toolchain = await bringToolchain(log, binaries);
  const bin = toolchain.programs;
  // All at once, because apt-get is for one at a time.
  const packages = ensurePackages({ ...debianPackages.cluster, ...debianPackages.images }, log);
  const cluster = packages
    .then(() => toolchain.ready("kubernetes", "coredns"))
    .then(() => startCluster({ bin, log, nodes }))
    .then(() => matchBackend(log));
  await Promise.all([
    toolchain.ready(),
    packages
      .then(() => buildImages(log))
      .then(() => cluster)
      .then(() => provideImages(log)),
    cluster.then(() => toolchain.ready("traefik")).then(() => provideTraefikImage(bin)),
    cluster
      .then(() => toolchain.ready(...binaries))
      .then(() => startAddons(addons, { program: toolchain.program, log })),
  ]);
}

/** Removes the cluster with all stacks and their state; what was built stays. */
export async function removeLab(log: Log): Promise<void> {
  await stopCluster(log);
  await rm(stateDir(), { recursive: true, force: true });
}
