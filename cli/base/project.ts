import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Command } from "commander";

import { CliError } from "./errors.ts";
import { pulumiError, runPulumi } from "./pulumi.ts";

/** Which project and which stack of it, in Pulumi's own words. */
export interface ProjectOptions {
  /** A directory of the project's. */
  readonly cwd: string;
  /** @default the selected stack */
  readonly stack?: string;
}

/** Adds `--cwd` and `--stack`. */
export const withProject = (command: Command): Command =>
  command
    .option("-C, --cwd <directory>", "directory of the Pulumi project, or one below it", ".")
    .option("-s, --stack <name>", "the stack (default: the one that is selected)");

/**
 * The directory with Pulumi.yaml: the given one, or the nearest above it.
 *
 * @throws CliError where there is none
 */
export function findProject(cwd: string): string {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    if (["Pulumi.yaml", "Pulumi.yml"].some((file) => existsSync(join(directory, file)))) return directory;
    if (directory === dirname(directory)) break;
  }
  throw new CliError(
    `there is no Pulumi.yaml in ${resolve(cwd)} or above`,
    "Go to the directory of a Pulumi project, or name it by --cwd.",
  );
}

/**
 * A project's workspace, for what concerns no stack or all of them. It uses the backend, the kubeconfig and the secrets of
 * whoever calls, as `pulumi` itself would.
 */
export async function openWorkspace({ cwd }: Pick<ProjectOptions, "cwd">): Promise<LocalWorkspace> {
  const directory = findProject(cwd);
  // Loading the SDK takes half a second, which `--help` and what needs no stack do not wait for.
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  try {
    return await LocalWorkspace.create({ workDir: directory });
  } catch (error) {
    throw new CliError(
      `the Pulumi CLI cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      "Install it: https://www.pulumi.com/docs/install/",
      { cause: error },
    );
  }
}

/**
 * An existing stack.
 *
 * @throws CliError where it does not exist, or none is named and none selected
 */
export async function openStack(options: ProjectOptions): Promise<Stack> {
  const workspace = await openWorkspace(options);
  const name = await existingStack(workspace, options.stack);
  // The API selects every stack it opens. Which one the user has selected is theirs.
  workspace.selectStack = () => Promise.resolve();
  const { Stack } = await import("@pulumi/pulumi/automation/index.js");
  return await Stack.select(name, workspace);
}

async function existingStack(workspace: LocalWorkspace, stack: string | undefined): Promise<string> {
  const named = stack === undefined ? [] : ["--stack", stack];
  const result = await runPulumi(["stack", "--show-name", ...named], workspace.workDir);
  if (result.code === 0) return stack ?? result.stdout.trim();
  if (!/no stack (named|selected)/.test(result.stderr)) {
    throw pulumiError(
      result,
      stack === undefined ? "the stack cannot be read" : `stack ${stack} cannot be read`,
      "`pulumi whoami -v` shows which backend this is.",
    );
  }
  const known = (await workspace.listStacks()).map(({ name }) => name);
  throw new CliError(
    stack === undefined ? "no stack is selected" : `there is no stack ${stack}`,
    known.length === 0
      ? "There is none yet: pulumi stack init."
      : `Name one by --stack: ${known.join(", ")}.`,
  );
}
