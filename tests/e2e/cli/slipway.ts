import { join } from "node:path";

import { execa } from "execa";

import { ROOT, type TestStack } from "../harness/index.ts";

/** What one run of the command line gave back. */
export interface SlipwayResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `slipway`, as someone in the directory of a stack's project would. */
export async function slipway(
  stack: Pick<TestStack, "directory" | "name">,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SlipwayResult> {
  const [verb = "", ...rest] = args;
  const all = [verb, "--cwd", stack.directory, "--stack", stack.name, ...rest];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(ROOT, "cli", "main.ts"), ...all], {
    reject: false,
    env,
  });
  return { code: exitCode ?? 1, stdout, stderr };
}
