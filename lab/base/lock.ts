import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { dirname } from "node:path";

import { Interrupted, LabError } from "./errors.ts";
import { trackGroup } from "./interrupt.ts";
import type { Log } from "./progress.ts";

/**
 * Does some work while no other run does the same: two clones, or `make up` in two terminals.
 *
 * The lock is a kernel lock held by a `flock` child that ends with the end of its standard input. So it goes with this process
 * however that ends, and there is no stale lock to clean up.
 *
 * @param file made if missing; its content does not matter
 */
export async function withLock<T>(file: string, log: Log, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const release = (await tryLock(file, "--nonblock")) ?? (await waitForLock(file, log));
  try {
    return await work();
  } finally {
    release();
  }
}

async function waitForLock(file: string, log: Log): Promise<() => void> {
  log.info(`Another run is at work here; waiting for it (lock ${file}).`);
  const release = await tryLock(file, "--exclusive", true);
  if (release === undefined) throw new Interrupted();
  return release;
}

/** Returns what releases the lock, or undefined if it was not had. */
async function tryLock(file: string, mode: string, interruptible = false): Promise<(() => void) | undefined> {
  // A session of its own: Ctrl-C must not take the lock away while the work is still stopping.
  const child = spawn("flock", [mode, file, "sh", "-c", "echo locked; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const forget = interruptible && child.pid !== undefined ? trackGroup(child.pid) : () => undefined;
  const failed = once(child, "error").then(([error]) => {
    throw new LabError(`cannot lock ${file}: ${String(error)}`, "Install util-linux, which has `flock`.");
  });
  const locked = await Promise.race([
    once(child.stdout, "data").then(() => true),
    once(child, "exit").then(() => false),
    failed,
  ]);
  forget();
  if (!locked) return undefined;
  child.unref();
  return () => {
    child.stdin.end();
  };
}
