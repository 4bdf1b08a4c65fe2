import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";

import { cacheDir } from "../base/paths.ts";

const directory = cacheDir("images");

/** How many archives of one image are kept: that in use, and a few to go back to. */
const KEPT = 3;

/** The archive of an image in the cache: `slipway-nginx:1a2b` → `…/images/slipway-nginx@1a2b.tar`. */
export function archiveOf(reference: string): string {
  return join(directory, `${reference.replaceAll("/", "_").replace(/:(?=[^:]*$)/, "@")}.tar`);
}

/** Whether the archive is there; marks it as used. */
export async function useArchive(reference: string): Promise<boolean> {
  const archive = archiveOf(reference);
  if (!existsSync(archive)) return false;
  const now = new Date();
  await utimes(archive, now, now);
  return true;
}

/** Has an archive written; it is there as a whole or not at all. */
export async function keepArchive(reference: string, write: (file: string) => Promise<void>): Promise<void> {
  await mkdir(directory, { recursive: true });
  const draft = `${archiveOf(reference)}.draft`;
  await rm(draft, { force: true });
  await write(draft);
  await rename(draft, archiveOf(reference));
  await prune(reference);
}

/** Removes the archives of an image that were not used for longest. */
async function prune(reference: string): Promise<void> {
  const prefix = archiveOf(reference)
    .slice(directory.length + 1)
    .replace(/@.*/, "@");
  const byAge = readdirSync(directory)
    .filter((file) => file.startsWith(prefix) && file.endsWith(".tar"))
    .map((file) => join(directory, file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  await Promise.all(byAge.slice(KEPT).map((file) => rm(file)));
}
