import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import type { Log } from "../base/progress.ts";
import { processesOfNode } from "./cgroups.ts";
import { mostNodes } from "./addresses.ts";
import { kubectl } from "./control-plane.ts";
import { findDaemon } from "./daemon.ts";
import { type LabNode, labNode, node } from "./layout.ts";
import { containerdOf } from "./node.ts";

/** The worker nodes that joined, whether they run or not. */
export const workers = (): LabNode[] =>
  Array.from({ length: mostNodes - 1 }, (_, index) => labNode(index + 2)).filter(({ root }) =>
    existsSync(root),
  );

/** The nodes that images can be given to. */
export const nodesThere = (): LabNode[] => [
  node,
  ...workers().filter((of) => findDaemon(containerdOf(of)) !== undefined),
];

/** Lets pods come again to nodes that are closed to them, as a run leaves them that is killed in the middle of a drain. */
export async function openNodes(log: Pick<Log, "info">, ask = kubectl): Promise<void> {
  const names = await ask(["get", "nodes", "--field-selector=spec.unschedulable=true", "--output=name"]);
  for (const name of names.split("\n").filter(Boolean)) {
    await ask(["uncordon", name]);
    log.info(`The ${name.replace("/", " ")} was closed to pods, and takes them again.`);
  }
}

/** What a node costs. */
export interface NodeFigures {
  readonly name: string;
  readonly address: string;
  /** Seconds from nothing until it was ready, when it was last started. */
  readonly seconds: number | undefined;
  /** Memory of its processes in MiB, what several share counted once: the kernel's proportional set size. */
  readonly mebibytes: number;
}

/** What each node costs, its pods included. */
export const nodeFigures = (): Promise<NodeFigures[]> => Promise.all([node, ...workers()].map(figuresOf));

async function figuresOf(of: LabNode): Promise<NodeFigures> {
  const text = await readFile(of.initialised, "utf8").catch(() => "{}");
  const { seconds } = JSON.parse(text) as { readonly seconds?: number };
  const sizes = await Promise.all(processesOfNode(of).map(proportionalSize));
  const kibibytes = sizes.reduce((sum, size) => sum + size, 0);
  return { name: of.name, address: of.address, seconds, mebibytes: Math.round(kibibytes / 1024) };
}

/** In KiB; nothing of a process that is gone. */
async function proportionalSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}

/** A line for each node. */
export function describeNodes(figures: readonly NodeFigures[]): string[] {
  return figures.map(({ name, address, seconds, mebibytes }) =>
    [
      `node ${name} (${address}): ${mebibytes} MiB of memory`,
      ...(seconds === undefined ? [] : [`ready after ${seconds.toFixed(1)} s`]),
    ].join(", "),
  );
}
