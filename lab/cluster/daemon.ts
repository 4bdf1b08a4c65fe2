import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { LabError } from "../base/errors.ts";
import { logFile } from "../base/paths.ts";
import { labProcesses } from "./cgroups.ts";

/** A program of the node that keeps running when the command that started it ends. */
export interface Daemon {
  /** Name of its log. */
  readonly name: string;
  /** What its command line begins with: tells it from everything else in the lab's control group. */
  readonly commandLine: readonly string[];
}

/**
 * Starts a shell script that ends by becoming the daemon (`exec`).
 *
 * @param procs the `cgroup.procs` file of the group it shall live in, so that teardown finds it whatever happens
 * @returns what throws once it has ended, for those who wait for it
 */
export function startDaemon(daemon: Daemon, script: string, procs: string): () => void {
  const file = logFile(daemon.name);
  mkdirSync(dirname(file), { recursive: true });
  const log = openSync(file, "w");
  const child = spawn("sh", ["-ec", `echo $$ > ${quote(procs)}\n${script}`], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
  });
  child.unref();
  closeSync(log);
  return () => {
    const { exitCode, signalCode } = child;
    if (exitCode === null && signalCode === null) return;
    throw new LabError(
      `${daemon.name} ended ${signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`}\n${logTail(daemon.name)}`,
      `The whole log: ${file}`,
    );
  };
}

/** The daemon's process, if it runs. */
export function findDaemon({ commandLine }: Daemon): number | undefined {
  return labProcesses().find((pid) => {
    const words = commandLineOf(pid);
    return commandLine.every((word, index) => words[index] === word);
  });
}

/** The words a process was started with; none when it is gone. */
export function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** The last lines of a log, for messages. */
export function logTail(name: string, lines = 15): string {
  const file = logFile(name);
  if (!existsSync(file)) return "";
  const text = readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines);
  return text.map((line) => `  │ ${line}`).join("\n");
}

/** One word for a shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
