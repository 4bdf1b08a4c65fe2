import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** How often the processes are looked for, milliseconds: each tells its peak itself. */
const INTERVAL = 250;

/**
 * Watches what the processes below this one take until an action is done.
 * @returns the action's seconds, and the most memory (bytes) of each program's largest process
 */
export async function watched(
  action: () => Promise<unknown>,
): Promise<{ readonly seconds: number; readonly memory: ReadonlyMap<string, number> }> {
  const memory = new Map<string, number>();
  const look = (): void => {
    for (const { name, peak } of descendants(process.pid))
      memory.set(name, Math.max(memory.get(name) ?? 0, peak));
  };
  const timer = setInterval(look, INTERVAL);
  const start = performance.now();
  try {
    await action();
    return { seconds: (performance.now() - start) / 1000, memory };
  } finally {
    clearInterval(timer);
  }
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  /** The program's file, or of Node.js the script's. */
  readonly name: string;
  /** Bytes of memory that the process had at most. */
  readonly peak: number;
}

function descendants(ancestor: number): Running[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => running(Number(pid)) ?? []);
  const below = (pid: number): Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(ancestor);
}

/** A process; `undefined` once it has ended. */
function running(pid: number): Running | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
    const peak = 1024 * field("VmHWM");
    if (Number.isNaN(peak)) return undefined;
    const script = args.find((arg) => !arg.startsWith("-"));
    const isNode = basename(program) === "node" && script !== undefined;
    return {
      pid,
      parent: field("PPid"),
      name: isNode ? `node ${basename(script)}` : basename(program),
      peak,
    };
  } catch {
    return undefined;
  }
}
