import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Checkpoint } from "../cli/state/checkpoint.ts";
import { backendDir } from "./env.ts";

/** File of a stack in the backend. */
export const stateFile = (project: string, stack: string): string =>
  join(backendDir, ".pulumi", "stacks", project, `${stack}.json`);

/** What such a file holds, as `pulumi stack export` gives it: secrets encrypted. */
export function readState(file: string): Checkpoint {
  const { version, checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly version: number;
    readonly checkpoint: { readonly latest?: Checkpoint["deployment"] | null };
  };
  return { version, deployment: checkpoint.latest ?? { manifest: { time: "" } } };
}
