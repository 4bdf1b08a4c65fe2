import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { backendDirectory, backendUrl } from "./backend.ts";
import type { StackPlace } from "./checkpoint.ts";

/** A lock of a stack, in a backend that is a directory or a bucket, where each run of Pulumi leaves one while it lasts. */
export interface Lock {
  /** Its file. */
  readonly file: string;
  readonly user: string;
  readonly host: string;
  /** Of the Pulumi CLI. */
  readonly pid: number;
  /** When it was made. */
  readonly since: Date;
  /**
   * Whether the process is at work (`held`), gone (`stale`), or on another machine, which can be asked only there
   * (`elsewhere`).
   */
  readonly state: "held" | "stale" | "elsewhere";
}

/** What Pulumi writes into a lock. */
interface LockFile {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/**
 * The locks of a stack. Of a backend in a bucket they are not known, and Pulumi Cloud ends its locks by itself: none.
 * @param project name of the project
 */
export async function locksOf({ directory, stack }: StackPlace, project: string): Promise<Lock[]> {
  const url = await backendUrl(directory);
  const backend = url === undefined ? undefined : backendDirectory(url, directory);
  if (backend === undefined) return [];
  const name = stack.split("/").at(-1) ?? stack;
  // The second is where the first versions of Pulumi put them.
  return [join(backend, "locks", "organization", project, name), join(backend, "locks", name)].flatMap(
    readLocks,
  );
}

/** The locks in a directory. */
export function readLocks(directory: string): Lock[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(directory, name);
      const lock = readLock(file);
      return lock === undefined ? [] : [lock];
    });
}

function readLock(file: string): Lock | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // It was released meanwhile.
    return undefined;
  }
  const { pid, username, hostname: host, timestamp } = parsed(text);
  const since = new Date(timestamp);
  const state = host !== hostname() ? "elsewhere" : isAlive(pid) ? "held" : "stale";
  return { file, user: username, host, pid, since, state };
}

/** A lock that was being written when the machine or the disk gave up is empty: nobody's. */
function parsed(text: string): LockFile {
  try {
    return JSON.parse(text) as LockFile;
  } catch {
    return { pid: 0, username: "", hostname: hostname(), timestamp: new Date(0).toISOString() };
  }
}

/**
 * Whether a process is at work, and is Pulumi: the number of one that is gone may be another's by now. The times of both would
 * tell it as well, but not after somebody set the clock.
 */
function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is one all the same.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const { name, state } = processOf(pid);
  // A dead process stays on the list until its parent has heard of it.
  return !["Z", "X"].includes(state) && name.includes("pulumi");
}

/** What a process is called and does, where the system says so in a file; elsewhere it is taken for Pulumi, at work. */
function processOf(pid: number): { readonly name: string; readonly state: string } {
  try {
    const [, name = "", state = ""] = /\((.*)\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { name, state };
  } catch {
    return { name: "pulumi", state: "" };
  }
}

/** A lock as a sentence's subject: `root on build-3 (process 4711), since 2026-11-25 13:07:35 UTC`. */
export const describeLock = ({ user, host, pid, since }: Lock): string =>
  `${user} on ${host} (process ${pid}), since ${since.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Removes locks whose holder is gone, and gives those back that stay. */
export function breakStaleLocks(locks: readonly Lock[]): Lock[] {
  return locks.filter((lock) => {
    // Beside it lies what the backend notes of every file.
    if (lock.state === "stale")
      for (const suffix of ["", ".attrs"]) rmSync(`${lock.file}${suffix}`, { force: true });
    return lock.state !== "stale";
  });
}
