import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { ROOT, type TestStack } from "../harness/index.ts";
import type { SlipwayResult } from "./slipway.ts";

/** Runs a program as in a directory whose backend has the copy of a stack, and no other. */
export type Run = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<SlipwayResult>;

/**
 * Copies a stack's state to a backend that has nothing else, for verbs that are about all stacks of one. What is destroyed there is
 * gone from the cluster, and no other stack is.
 *
 * @param change of the state on its way
 */
export async function withCopy<T>(
  stack: TestStack,
  change: (state: string) => string,
  use: (run: { readonly slipway: Run; readonly pulumi: Run }) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), `slipway-${stack.name}-backend-`));
  try {
    await mkdir(join(directory, "state"));
    await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify({ name: "slipway", runtime: "nodejs" }));
    const runner =
      (file: string, ...first: readonly string[]): Run =>
      async (args, env) => {
        const { exitCode, stdout, stderr } = await execa(file, [...first, ...args], {
          cwd: directory,
          env: { PULUMI_BACKEND_URL: `file://${join(directory, "state")}`, ...env },
          reject: false,
          stdin: "ignore",
        });
        return { code: exitCode ?? 1, stdout, stderr };
      };
    const [slipway, pulumi] = [runner(process.execPath, join(ROOT, "cli/main.ts")), runner("pulumi")];
    const file = join(directory, "copy.json");
    await writeFile(file, change(await stack.exported()));
    for (const command of [
      ["stack", "init", stack.name],
      ["stack", "import", "--stack", stack.name, "--file", file],
    ]) {
      const { code, stderr } = await pulumi(command);
      if (code !== 0) throw new Error(`pulumi ${command.join(" ")}: ${stderr}`);
    }
    return await use({ slipway, pulumi });
  } finally {
    await rm(directory, { recursive: true });
  }
}
