import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { CliError } from "../base/errors.ts";
import { inParallel } from "../base/parallel.ts";
import { pulumiError, type PulumiResult, runPulumi } from "../base/pulumi.ts";
import { inTemporary } from "../base/temporary.ts";
import { backendDirectory, backendUrl } from "./backend.ts";
import { type Checkpoint, exportCheckpoint } from "./checkpoint.ts";
import { removeAllTornAttributes } from "./torn.ts";

/** A stack of a backend. */
export interface BackendStack {
  /** As `pulumi --stack` takes it from anywhere: `organization/slipway/dev`. */
  readonly fullName: string;
  /** Empty for one from before backends knew projects. */
  readonly project: string;
  /** `dev`. */
  readonly stack: string;
}

/** A stack of a backend with its state. */
export interface StoredStack extends BackendStack {
  readonly checkpoint: Checkpoint;
}

/** Runs of Pulumi at a time, each of which has a process. */
const PARALLEL = 4;

/** A project that no stack is of: Pulumi leaves a project's name away within it, and all names are to be whole. */
const NO_PROJECT = JSON.stringify({ name: "slipway-asks", runtime: "nodejs" });

/**
 * Every stack of the backend, of all projects.
 * @param directory any one: the backend is that of its project, or where whoever calls is signed in
 */
export async function backendStacks(directory: string): Promise<BackendStack[]> {
  const url = await backendUrl(directory);
  const first = await listStacks(url);
  const backend = url === undefined ? undefined : backendDirectory(url, directory);
  const torn = first.code !== 0 && /\bEOF$/.test(first.stderr.trim()) && backend !== undefined;
  if (torn) removeAllTornAttributes(backend);
  const result = torn ? await listStacks(url) : first;
  if (result.code !== 0) {
    throw pulumiError(
      result,
      "the stacks of the backend cannot be listed",
      "`pulumi whoami -v` shows which backend it is; `pulumi login` chooses another.",
    );
  }
  return (JSON.parse(result.stdout) as { readonly name: string }[]).map(({ name }) => parseName(name));
}

const listStacks = (url: string | undefined): Promise<PulumiResult> =>
  inTemporary(async (temporary) => {
    await writeFile(join(temporary, "Pulumi.yaml"), NO_PROJECT);
    const env = url === undefined ? {} : { PULUMI_BACKEND_URL: url };
    return runPulumi(["stack", "ls", "--all", "--json"], temporary, { env });
  });

/** A stack by its whole name: `organization/project/stack`, or its own alone. */
export function parseName(fullName: string): BackendStack {
  const [stack = fullName, project = ""] = fullName.split("/").reverse();
  return { fullName, project, stack };
}

/** Stacks with their states, and those whose state cannot be read. */
export async function storedStacks(
  directory: string,
  stacks: readonly BackendStack[],
): Promise<{ readonly stored: readonly StoredStack[]; readonly unread: readonly BackendStack[] }> {
  const stored: StoredStack[] = [];
  const unread: BackendStack[] = [];
  await inParallel(
    stacks,
    async (stack) => {
      try {
        const checkpoint = await exportCheckpoint({ directory, stack: stack.fullName });
        stored.push({ ...stack, checkpoint });
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        unread.push(stack);
      }
    },
    PARALLEL,
  );
  return { stored, unread };
}
