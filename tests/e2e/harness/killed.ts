import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** What of a run is killed: everything, the CLI with its engine alone, or the Kubernetes provider alone. */
export type Victim = "tree" | "engine" | "provider";

/** When a run is killed, and what of it. */
export interface Blow {
  /**
   * Lines that it has printed by then: some three for each resource. Unlike a time, this is the same moment on a machine that
   * has other things to do.
   */
  readonly lines: number;
  /**
   * Milliseconds after that.
   * @default 0
   */
  readonly delay?: number;
  readonly victim: Victim;
}

/** Milliseconds that an engine has to end whose provider was killed. */
const PATIENCE = 120_000;

/** Runs the Pulumi CLI, and kills it with -9 on its way, unless it has ended by then. */
export async function killed(
  directory: string,
  args: readonly string[],
  { lines, delay = 0, victim }: Blow,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const engine = spawn("pulumi", [...args, "--yes", "--skip-preview", "--non-interactive"], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const ended = once(engine, "exit");
  const { pid = 0 } = engine;
  let printed = 0;
  const due = new Promise<void>((resolve) => {
    createInterface({ input: engine.stdout }).on("line", () => {
      if (++printed === lines) resolve();
    });
  });
  await Promise.race([ended, due.then(() => sleep(delay))]);
  const below = descendants(pid);
  const victims = {
    tree: [pid, ...below.map((child) => child.pid)],
    engine: [pid],
    provider: below
      .filter(({ command }) => command.includes("pulumi-resource-kubernetes"))
      .map((child) => child.pid),
  }[victim];
  if (engine.exitCode === null) for (const each of victims) kill(each);
  const late = setTimeout(() => {
    for (const each of [pid, ...descendants(pid).map((child) => child.pid)]) kill(each);
  }, PATIENCE);
  await ended;
  clearTimeout(late);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

interface Child {
  readonly pid: number;
  readonly command: string;
}

/** The processes that a process started, and theirs. */
function descendants(of: number): Child[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(/\) \w (\d+)/.exec(stat)?.[1]);
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
  const below = (parent: number): Child[] =>
    all.filter((child) => child.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(of);
}
