/** Looks, after the last suite, whether `slipway residue` finds what any of them left: each destroys what it deployed. */
import { join } from "node:path";

import { execa } from "execa";

import { ROOT, waitFor } from "./harness/index.ts";

interface Residue {
  readonly what: string;
  readonly reason: string;
  readonly command: string;
}

/** Lines for what is in the cluster or the backend and belongs to no stack. */
async function residue(): Promise<readonly string[]> {
  const { stdout } = await execa(process.execPath, [join(ROOT, "cli/main.ts"), "residue", "--json"]);
  return (
    (JSON.parse(stdout) as readonly Residue[])
      // A stack that is still there is not the suites', which remove theirs: somebody is at work on it.
      .filter(({ command }) => !command.startsWith("slipway recover"))
      .map(({ what, reason }) => `${what} ${reason}`)
  );
}

export default function setup(): () => Promise<void> {
  // What was there before is its owner's. Nobody waits for it: the first suites have made nothing yet.
  const before = residue().catch(() => []);
  return async () => {
    const known = new Set(await before);
    // Vitest prints what a teardown throws, and ends well nevertheless.
    const { exitCode } = process;
    process.exitCode = 1;
    await waitFor(
      async () => {
        const left = (await residue()).filter((line) => !known.has(line));
        if (left.length > 0) throw new Error(`left:\n${left.join("\n")}`);
        return true;
      },
      { message: "no residue of the suites", deadline: 60_000 },
    );
    process.exitCode = exitCode;
  };
}
