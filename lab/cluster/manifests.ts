import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { cacheDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";

/** A Go module that carries manifests, and where. */
export interface ManifestSource {
  readonly module: string;
  readonly version: string;
  /** Directory in the module. */
  readonly path: string;
  /** Which of its files. */
  readonly files: RegExp;
}

/** The ten traefik.io custom resource definitions; those of the commercial product (hub.traefik.io) are left out. */
export const traefikCrds: ManifestSource = {
  module: "github.com/traefik/traefik/v3",
  version: "v3.7.11",
  path: "docs/content/reference/dynamic-configuration",
  files: /^traefik\.io_.*\.yaml$/,
};

/** One YAML file with the module's manifests, taken from the module once and kept. */
export async function manifests(source: ManifestSource): Promise<string> {
  const name = `${source.module}@${source.version}/${source.path}/${source.files.source}`.replace(
    /[^\w.@-]+/g,
    "_",
  );
  const file = cacheDir("manifests", `${name}.yaml`);
  if (existsSync(file)) return file;
  await mkdir(dirname(file), { recursive: true });
  const work = await mkdtemp(`${file}.`);
  try {
    const module = `${source.module}@${source.version}`;
    // Outside of any module, so that no go.mod of the surroundings has a say.
    const answer = await capture("go", ["mod", "download", "-json", module], {
      cwd: work,
      env: { GOFLAGS: "-mod=mod" },
      advice: "The lab takes manifests from Go modules: is the Go module proxy reachable?",
    });
    const { Dir } = JSON.parse(answer) as { Dir: string };
    const directory = join(Dir, source.path);
    const names = (await readdir(directory)).filter((entry) => source.files.test(entry)).sort();
    const texts = await Promise.all(names.map((entry) => readFile(join(directory, entry), "utf8")));
    await writeFile(join(work, "all.yaml"), texts.join("\n---\n"));
    await rename(join(work, "all.yaml"), file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return file;
}
