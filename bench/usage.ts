import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";

import { labProcesses } from "../lab/cluster/cgroups.ts";

/** What the lab takes of the machine: cluster, containers and all. */
export interface Usage {
  /** Bytes of memory, what processes share counted once; without the kernel's cache of files. */
  readonly memory: number;
  /** Processors kept busy, 2 being all of a machine with two. */
  readonly processors: number;
}

/** What there is. */
export const machine: Usage = { memory: totalmem(), processors: cpus().length };

/** Clock ticks per second: the unit of the kernel's process times on every architecture Linux supports. */
const TICKS = 100;

/** Measures what the lab takes over some seconds. */
export async function labUsage(duration: number): Promise<Usage> {
  const before = ticks();
  await setTimeout(duration * 1000);
  const after = ticks();
  // Those that ended meanwhile are in the times of those that waited for them.
  const busy = [...after].map(([pid, time]) => time - (before.get(pid) ?? time));
  return { memory: memory(), processors: sum(busy) / TICKS / duration };
}

/** Processor time of each of the lab's processes and of its ended children. */
function ticks(): Map<number, number> {
  return new Map(
    labProcesses().map((pid) => {
      // The name in parentheses may hold spaces; user and system times are fields 14 to 17 of all.
      const fields = read(`/proc/${pid}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ");
      return [pid, sum(fields.slice(11, 15).map(Number))];
    }),
  );
}

const memory = (): number =>
  sum(
    labProcesses().map(
      (pid) => 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    ),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The text of a file; of a process that has ended, none. */
export function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
