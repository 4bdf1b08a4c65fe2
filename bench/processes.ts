import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** How often the processes are looked for, milliseconds: each tells its peak itself. */
const INTERVAL = 250;

/** Clock ticks per second: the unit of the kernel's process times on every architecture Linux supports. */
const TICKS = 100;

/** Options of Node.js that the next word belongs to. */
const TAKES_A_MODULE = /^(-r|--require|--import)$/;

/** What an action took. */
export interface Taken {
  readonly seconds: number;
  /** The most memory, in bytes, of each program's largest process. */
  readonly memory: ReadonlyMap<string, number>;
  /** Processor seconds of each program's processes, which a busy machine changes less than the time. */
  readonly processor: ReadonlyMap<string, number>;
}

/** Watches what the processes below this one take until an action is done. */
export async function watched(action: () => Promise<unknown>): Promise<Taken> {
  const memory = new Map<string, number>();
  const processes = new Map<number, { readonly name: string; readonly seconds: number }>();
  const look = (): void => {
    for (const { pid, name, peak, ticks } of descendants(process.pid)) {
      if (name !== "") memory.set(name, Math.max(memory.get(name) ?? 0, peak));
      processes.set(pid, { name, seconds: ticks / TICKS });
    }
  };
  const timer = setInterval(look, INTERVAL);
  const start = performance.now();
  try {
    await action();
    const seconds = (performance.now() - start) / 1000;
    const processor = new Map<string, number>();
    for (const { name, seconds: more } of processes.values())
      processor.set(name, (processor.get(name) ?? 0) + more);
    return { seconds, memory, processor };
  } finally {
    clearInterval(timer);
  }
}

/** Processor seconds of all programs together. */
export const together = ({ processor }: Taken): number =>
  [...processor.values()].reduce((sum, each) => sum + each, 0);

interface Running {
  readonly pid: number;
  readonly parent: number;
  /** The program's file, or of Node.js the script's. */
  readonly name: string;
  /** Bytes of memory that the process had at most. */
  readonly peak: number;
  /** Clock ticks of processor time. */
  readonly ticks: number;
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
    const script = args.find(
      (arg, index) => !arg.startsWith("-") && !TAKES_A_MODULE.test(args[index - 1] ?? ""),
    );
    const isNode = basename(program) === "node" && script !== undefined;
    // The name in parentheses may hold spaces; user and system times are fields 14 and 15 of all.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const name = isNode ? `node ${basename(script)}` : basename(program);
    return { pid, parent: field("PPid"), name, peak, ticks: Number(stat[11]) + Number(stat[12]) };
  } catch {
    return undefined;
  }
}
