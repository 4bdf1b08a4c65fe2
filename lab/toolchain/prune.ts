import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { rm, utimes } from "node:fs/promises";
import { join } from "node:path";

import { cacheDir } from "../base/paths.ts";

/** Days without use after which a toolchain goes. Each takes some 700 MB. */
const DAYS = 30;

/** Notes that a toolchain, or a directory it is built in, is used. */
export async function noteUse(directory: string): Promise<void> {
  const now = new Date();
  await utimes(directory, now, now);
}

/**
 * Removes the toolchains of other states of the sources, and what their builds may have left, that nobody has used for long.
 * Only under the toolchain's lock, so that none is removed while it is built.
 * @param key of the toolchain that stays
 */
export async function pruneToolchains(key: string, now = Date.now()): Promise<void> {
  const running = runningPrograms();
  const old = ["toolchain", "build"].flatMap((kind) => entriesOf(cacheDir(kind)));
  for (const { name, directory } of old) {
    const age = now - statSync(directory).mtimeMs;
    if (name === key || age < DAYS * 24 * 60 * 60 * 1000) continue;
    // A lab may run for longer than that.
    if (running.some((program) => program.startsWith(`${directory}/`))) continue;
    await rm(directory, { recursive: true, force: true });
  }
}

function entriesOf(parent: string): { readonly name: string; readonly directory: string }[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent).map((name) => ({ name, directory: join(parent, name) }));
}

/** The files that processes of this machine run. */
function runningPrograms(): string[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.flatMap((process) => {
    try {
      return [readlinkSync(`/proc/${process}/exe`)];
    } catch {
      // It has ended, or it is one of the kernel's.
      return [];
    }
  });
}
