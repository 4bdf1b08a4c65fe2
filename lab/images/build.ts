import { existsSync } from "node:fs";
import { join } from "node:path";

import { appNames, appsDirectory, imageReference } from "../../apps/images.ts";
import { withLock } from "../base/lock.ts";
import { ensurePackages } from "../base/packages.ts";
import { cacheDir } from "../base/paths.ts";
import { debianPackages } from "../base/programs.ts";
import type { Log } from "../base/progress.ts";
import { fullImageName, hasImage, importImage } from "../cluster/index.ts";
import { archiveOf, keepArchive, useArchive } from "./archives.ts";
import { baseImage, ensureBase } from "./base-image.ts";
import { buildah, buildImage, listBuilt, saveImage } from "./buildah.ts";

export interface ImageSource {
  /** The build context, with a Dockerfile whose base is the build argument `BASE`. */
  readonly directory: string;
  /** As in a pod: `slipway-nginx:1a2b`. The same name stands for the same content. */
  readonly reference: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** The apps of this clone, as a stack without a registry names them. */
export function appImages(): ImageSource[] {
  return appNames().map((name) => ({
    directory: join(appsDirectory, name),
    reference: imageReference(name),
  }));
}

/**
 * Builds images into archives in the cache, those that are not there yet. Needs no cluster.
 *
 * @param images @default the apps
 */
export async function buildImages(log: Log, images: readonly ImageSource[] = appImages()): Promise<void> {
  if ((await missing(images)).length === 0) return;
  await ensurePackages(debianPackages.images, log);
  await withLock(cacheDir("containers.lock"), log, async () => {
    const wanted = await missing(images);
    if (wanted.length === 0) return;
    log.expect(wanted.length + 1);
    await log.task("base image", async () => {
      // Left from a build that was interrupted.
      await buildah(["rm", "--all"]);
      await ensureBase();
    });
    for (const image of wanted) await log.task(`image ${image.reference}`, () => build(image));
    await removeOutdated();
  });
}

async function build({ directory, reference, buildArgs }: ImageSource): Promise<void> {
  const name = fullImageName(reference);
  await buildImage({ directory, reference: name, buildArgs: { BASE: baseImage, ...buildArgs } });
  await keepArchive(reference, (file) => saveImage(name, file));
}

/** Removes images from buildah's storage whose archive went. */
async function removeOutdated(): Promise<void> {
  // How a short name is written in full.
  const prefix = "docker.io/library/";
  const outdated = (await listBuilt())
    .filter((name) => name.startsWith(prefix))
    .filter((name) => !existsSync(archiveOf(name.slice(prefix.length))));
  if (outdated.length > 0) await buildah(["rmi", ...outdated]);
}

async function missing(images: readonly ImageSource[]): Promise<ImageSource[]> {
  const there = await Promise.all(images.map(({ reference }) => useArchive(reference)));
  return images.filter((_, index) => !there[index]);
}

/**
 * Brings images to the lab's node, building what is not built.
 *
 * @param images @default the apps
 */
export async function provideImages(log: Log, images: readonly ImageSource[] = appImages()): Promise<void> {
  await buildImages(log, images);
  for (const { reference } of images) {
    if (!(await hasImage(reference))) await importImage(archiveOf(reference));
  }
}
