import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CliError } from "../cli/base/errors.ts";
import { describeRecovery, recover } from "../cli/recover/recover.ts";
import { pendingOf } from "../cli/state/checkpoint.ts";
import { LabError } from "./base/errors.ts";
import { projectDir } from "./base/paths.ts";
import type { Log } from "./base/progress.ts";
import { backendDir, commandEnvironment } from "./env.ts";
import { readState } from "./state.ts";

/** Goes on after a run that was killed, or that failed: what it left is taken over, so that Pulumi does not stumble over it. */
export async function recoverStack(project: string, stack: string, log: Log): Promise<void> {
  if (!wasInterrupted(join(backendDir, ".pulumi"), project, stack)) return;
  // It asks Pulumi and the cluster as any program in the lab would.
  Object.assign(process.env, commandEnvironment());
  const tell = (text: string): void => {
    log.info(text);
  };
  try {
    const place = { directory: projectDir, project, stack, tell };
    for (const line of describeRecovery(await recover({ ...place, preview: "when-astray" }))) log.info(line);
  } catch (error) {
    if (error instanceof CliError) throw new LabError(error.message, error.advice, { cause: error });
    throw error;
  }
}

/**
 * Whether the last run of a stack left a lock or operations behind, or failed. Most did not, and then nothing is asked, which
 * takes seconds.
 * @param backend Pulumi's directory in the backend
 */
export function wasInterrupted(backend: string, project: string, stack: string): boolean {
  const locks = filesIn(join(backend, "locks", "organization", project, stack), ".json");
  if (locks.length > 0) return true;
  const state = join(backend, "stacks", project, `${stack}.json`);
  if (existsSync(state) && pendingOf(readState(state)).length > 0) return true;
  // Named by the time of the run.
  const last = filesIn(join(backend, "history", project, stack), ".history.json").at(-1);
  return last !== undefined && (JSON.parse(readFileSync(last, "utf8")) as HistoryFile).result !== "succeeded";
}

interface HistoryFile {
  readonly result: string;
}

function filesIn(directory: string, ending: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(directory, name));
}
