import { join } from "node:path";

import { appNames, appsDirectory, imageReference } from "../../apps/images.ts";
import { LabError } from "../base/errors.ts";
import type { Log } from "../base/progress.ts";
import { fullImageName } from "../cluster/index.ts";
import { archiveOf } from "./archives.ts";
import { appImages, buildImages } from "./build.ts";
import { imageExists, loadImage, pushImage, type PushOptions } from "./buildah.ts";
import { findEngine, type Engine } from "./engines.ts";

export interface PublishOptions {
  /** As in a stack's `registry`: `registry.example.com:5000/lab`. */
  readonly registry?: string;
  /** @default false */
  readonly push?: boolean;
}

/**
 * `make images`: builds what is not built, with docker, podman or buildah, whichever is there; pushes it if asked to.
 *
 * @returns the images' names
 */
export async function makeImages(
  log: Log,
  { registry, push = false }: PublishOptions = {},
): Promise<string[]> {
  if (push && !registry) {
    throw new LabError(
      "nowhere to push to",
      "Name the registry: make images REGISTRY=registry.example.com/lab PUSH=1",
    );
  }
  const engine = await findEngine();
  if (engine !== undefined) return withEngine(log, engine, push, registry);
  await buildImages(log);
  if (push) await pushAppImages(log, registry ?? "");
  return appNames().map((name) => imageReference(name, registry));
}

async function withEngine(log: Log, engine: Engine, push: boolean, registry?: string): Promise<string[]> {
  const references: string[] = [];
  for (const name of appNames()) {
    const reference = imageReference(name, registry);
    references.push(reference);
    if (!(await engine.has(reference))) {
      log.expect(1);
      await log.task(`${engine.name} build ${reference}`, () =>
        engine.build(join(appsDirectory, name), reference),
      );
    }
    if (push) {
      log.expect(1);
      await log.task(`${engine.name} push ${reference}`, () => engine.push(reference));
    }
  }
  return references;
}

/** Pushes the apps' images, as the lab built them, to a registry. */
export async function pushAppImages(log: Log, registry: string, options?: PushOptions): Promise<void> {
  await buildImages(log);
  const prefix = registry.replace(/\/+$/, "");
  log.expect(appImages().length);
  for (const { reference } of appImages()) {
    const name = fullImageName(reference);
    await log.task(`push ${prefix}/${reference}`, async () => {
      if (!(await imageExists(name))) await loadImage(archiveOf(reference));
      await pushImage(name, `${prefix}/${reference}`, options);
    });
  }
}
