import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { LabError } from "../base/errors.ts";
import { cacheDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";
import { type GoModule, sourceOf } from "./modules.ts";
import { applyEdits, type Trim } from "./trims.ts";

/** What a module's build directory is made of, as a short hash: clones with the same sources share it. */
export function sourcesKey(module: GoModule): string {
  const sourceDir = sourceOf(module);
  const hash = createHash("sha256");
  for (const file of filesBelow(sourceDir)) hash.update(relative(sourceDir, file)).update(readFileSync(file));
  hash.update(
    JSON.stringify(module.trims, (_, value: unknown) => (value instanceof RegExp ? String(value) : value)),
  );
  return hash.digest("hex").slice(0, 16);
}

/**
 * Makes the directory Go builds in, unless it is there: a module of this repository and the copies its go.mod replaces
 * modules by. It lies in the cache, so that the clone stays as it was checked out.
 */
export async function prepareWorkdir(module: GoModule, key: string): Promise<string> {
  const directory = cacheDir("build", key);
  if (existsSync(directory)) return directory;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await cp(sourceOf(module), partial, { recursive: true });
  for (const trim of module.trims) await copyTrimmed(trim, sourceOf(module), partial);
  await rename(partial, directory);
  return directory;
}

/** The copy of a module in the build directory. */
export const copyOf = (trim: Trim, workdir: string): string => join(workdir, "trimmed", trim.name);

async function copyTrimmed(trim: Trim, sourceDir: string, workdir: string): Promise<void> {
  const module = await download(trim);
  const target = copyOf(trim, workdir);
  const dropped = new Set(trim.drop?.map((path) => join(module, path)));
  const taken = trim.only?.map((path) => join(module, path)) ?? [module];
  // Modules in Go's cache are read-only, and a copy would be too: contents alone are wanted.
  for (const file of taken.flatMap((path) =>
    filesBelow(path, (below) => !dropped.has(below) && isBuilt(below)),
  )) {
    const copy = join(target, relative(module, file));
    await mkdir(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(file));
  }
  for (const [path, replacement] of Object.entries(trim.replace ?? {})) {
    cpSync(join(sourceDir, replacement), join(target, path));
  }
  for (const [path, copy] of Object.entries(trim.copy ?? {})) {
    cpSync(join(target, path), join(workdir, copy));
  }
  for (const file of new Set(trim.edits?.map((edit) => edit.file))) {
    const edits = trim.edits?.filter((edit) => edit.file === file) ?? [];
    const path = join(target, file);
    writeFileSync(path, applyEdits(readFileSync(path, "utf8"), edits, `${trim.module}/${file}`));
  }
}

function isBuilt(path: string): boolean {
  return basename(path) !== "testdata" && !path.endsWith("_test.go");
}

interface DownloadedModule {
  readonly Dir: string;
  readonly Sum: string;
}

async function download(trim: Trim): Promise<string> {
  const module = `${trim.module}@${trim.version}`;
  const answer = await capture("go", ["mod", "download", "-json", module], {
    // Outside of any module, so that this download is authenticated by itself.
    cwd: "/",
    env: {
      GOFLAGS: undefined,
      GOWORK: "off",
      ...(trim.unlisted ? { GONOSUMDB: trim.module } : {}),
    },
    advice: `Check that Go can download modules: go mod download ${module}`,
  });
  const { Dir, Sum } = JSON.parse(answer) as DownloadedModule;
  if (Sum !== trim.sum) {
    throw new LabError(
      `${module} has the checksum ${Sum}, and not ${trim.sum} as pinned.`,
      "The module proxy in use gave something else than what this project was made with. Check GOPROXY.",
    );
  }
  return Dir;
}

function filesBelow(directory: string, wanted: (path: string) => boolean = () => true): string[] {
  if (!statSync(directory).isDirectory()) return [directory];
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name))
    .filter(wanted)
    .flatMap((path) => filesBelow(path, wanted));
}
