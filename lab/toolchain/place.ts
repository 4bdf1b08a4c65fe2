import { createHash } from "node:crypto";
import { copyFile, link, mkdir, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Gives a program a further place: the same file where that is possible, as programs are large. Whoever looks at the place
 * finds the old file or the new one, and never a part of it.
 */
export async function placeProgram(from: string, to: string): Promise<void> {
  if (await isSameFile(from, to)) return;
  await replace(to, async (partial) => {
    try {
      await link(from, partial);
    } catch {
      // Another file system.
      await copyFile(from, partial);
    }
  });
}

export async function placeLink(target: string, at: string): Promise<void> {
  await replace(at, (partial) => symlink(target, partial));
}

async function replace(path: string, make: (partial: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await rm(partial, { force: true });
  await make(partial);
  await rename(partial, path);
}

async function isSameFile(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([left, right].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

export function shortHash(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("hex").slice(0, 12);
}
