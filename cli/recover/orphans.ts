import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A plugin whose engine is gone. It answers nobody, but goes on with what it was last told. */
export interface Orphan {
  readonly pid: number;
  /** Name of its program: `pulumi-resource-kubernetes`. */
  readonly name: string;
}

/** Milliseconds a process has to end by itself. */
const PATIENCE = 5_000;

/**
 * Ends the plugins of engines that were killed: a provider would go on making objects that nobody notes. Only a plugin that
 * was started by an engine at an address of this machine where nobody listens any more is one. Linux only: elsewhere nothing
 * tells what a process was started with.
 */
export async function endOrphans(): Promise<Orphan[]> {
  const orphans = await findOrphans();
  for (const { pid } of orphans) signal(pid, "SIGTERM");
  const until = Date.now() + PATIENCE;
  while (orphans.some(({ pid }) => signal(pid, 0)) && Date.now() < until) await sleep(50);
  for (const { pid } of orphans) signal(pid, "SIGKILL");
  return orphans;
}

async function findOrphans(): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (const { pid, name, port } of plugins()) {
    if (!(await listens(port))) orphans.push({ pid, name });
  }
  return orphans;
}

/** Plugins that run on this machine as whoever calls, with the port of the engine that started them. */
function plugins(): (Orphan & { readonly port: number })[] {
  let processes: string[];
  try {
    processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return processes.flatMap((pid) => {
    const found = pluginOf(commandOf(pid));
    return found === undefined ? [] : [{ pid: Number(pid), ...found }];
  });
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It ended meanwhile.
    return [];
  }
}

/** The plugin that a command starts, and the port of its engine, which is its last argument. */
export function pluginOf(
  command: readonly string[],
): { readonly name: string; readonly port: number } | undefined {
  const words = command.filter((word) => word !== "");
  const name = words.map((word) => /(?:^|\/)(pulumi-resource-[\w-]+)$/.exec(word)?.[1]).find(Boolean);
  const port = /^127\.0\.0\.1:(\d+)$/.exec(words.at(-1) ?? "")?.[1];
  return name === undefined || port === undefined ? undefined : { name, port: Number(port) };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => {
      end(true);
    });
    socket.once("error", () => {
      end(false);
    });
  });

/** @returns whether there was such a process of ours */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
