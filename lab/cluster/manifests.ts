import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
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
  version: TRAEFIK_VERSION,
  path: "docs/content/reference/dynamic-configuration",
  files: /^traefik\.io_.*\.yaml$/,
};

/** One YAML file with the module's manifests, taken from the module once and kept. */
export async function manifests(source: ManifestSource): Promise<string> {
  const file = `${keptAt(source, source.files.source)}.yaml`;
  return await kept(file, source, async (directory, work) => {
    const names = (await readdir(directory)).filter((entry) => source.files.test(entry)).sort();
    const texts = await Promise.all(names.map((entry) => readFile(join(directory, entry), "utf8")));
    await writeFile(work, texts.join("\n---\n"));
  });
}

/** A directory of the module with all that is in it, copied once and kept. */
export async function moduleDirectory(source: Omit<ManifestSource, "files">): Promise<string> {
  return await kept(moduleDirectoryPath(source), source, (directory, work) =>
    cp(directory, work, { recursive: true }),
  );
}

/** Where {@link moduleDirectory} keeps it. */
export const moduleDirectoryPath = (source: Omit<ManifestSource, "files">): string => keptAt(source);

const keptAt = ({ module, version, path }: Omit<ManifestSource, "files">, ...more: string[]): string =>
  cacheDir("manifests", [`${module}@${version}`, path, ...more].join("/").replace(/[^\w.@-]+/g, "_"));

/** Makes a file or directory out of a module's directory, unless it is there. */
async function kept(
  at: string,
  { module, version, path }: Omit<ManifestSource, "files">,
  make: (directory: string, work: string) => Promise<void>,
): Promise<string> {
  if (existsSync(at)) return at;
  await mkdir(dirname(at), { recursive: true });
  const work = await mkdtemp(`${at}.`);
  try {
    // Outside of any module, so that no go.mod of the surroundings has a say.
    const answer = await capture("go", ["mod", "download", "-json", `${module}@${version}`], {
      cwd: work,
      env: { GOFLAGS: "-mod=mod" },
      advice: "The lab takes manifests from Go modules: is the Go module proxy reachable?",
    });
    const { Dir } = JSON.parse(answer) as { Dir: string };
    await make(join(Dir, path), join(work, "made"));
    await rename(join(work, "made"), at);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return at;
}
