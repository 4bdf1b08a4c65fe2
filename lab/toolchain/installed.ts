import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

import { cacheDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";
import type { InstalledTool } from "./parts.ts";

/** The path of a program on PATH in a version that will do, or undefined. What the lab built itself does not count. */
export async function findInstalled(
  tool: InstalledTool,
  path = process.env["PATH"] ?? "",
): Promise<string | undefined> {
  const file = which(tool.command, path);
  if (file === undefined) return undefined;
  const output = await capture(file, tool.args, { timeout: 10_000 }).catch(() => "");
  return isGood(output, tool) ? file : undefined;
}

/** Whether the first version in what a program printed is within the tool's bounds. */
export function isGood(
  output: string,
  { atLeast, below }: Pick<InstalledTool, "atLeast" | "below">,
): boolean {
  const version = /v(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined || compareVersions(version, atLeast) < 0) return false;
  return below === undefined || compareVersions(version, below) < 0;
}

/** Negative, zero or positive, as for sorting; parts that are not numbers are ignored. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map((part) => Number.parseInt(part, 10)));
  const index = [0, 1, 2].find((i) => (a?.[i] ?? 0) !== (b?.[i] ?? 0));
  return index === undefined ? 0 : (a?.[index] ?? 0) - (b?.[index] ?? 0);
}

/** The first executable of that name on PATH that is not one of the lab's. */
export function which(command: string, path = process.env["PATH"] ?? ""): string | undefined {
  const ours = cacheDir() + "/";
  return path
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, command))
    .find((file) => isExecutable(file) && !realpathSync(file).startsWith(ours));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
