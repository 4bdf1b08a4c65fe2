import { execFile } from "node:child_process";

import { CliError } from "./errors.ts";
import { explainFailure } from "./failures.ts";

/** Enough for the state of a large stack. */
const MAX_OUTPUT = 256 * 2 ** 20;

/** What one run of the Pulumi CLI gave back. */
export interface PulumiResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code. */
  readonly code: number;
}

/**
 * The error of a run that failed: what that means where it is known, and else Pulumi's own words.
 * @param failed what could not be done: "the state of stack dev cannot be read"
 * @param advice for a failure that nobody knows
 */
export function pulumiError({ stdout, stderr }: PulumiResult, failed: string, advice: string): CliError {
  const said = [stderr.trim(), stdout.trim()].filter((text) => text !== "").join("\n");
  const known = explainFailure(said);
  return new CliError(`${failed}: ${known?.message ?? said}`, known?.advice ?? advice);
}

export interface PulumiOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input. @default none */
  readonly input?: string;
}

/**
 * Runs the Pulumi CLI in a project's directory, for what the Automation API has no call for, with the backend and the secrets
 * of whoever calls. An exit code other than 0 is for the caller to judge.
 *
 * @throws CliError where there is no `pulumi`
 */
export function runPulumi(
  args: readonly string[],
  cwd: string,
  { env = {}, input }: PulumiOptions = {},
): Promise<PulumiResult> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...env },
      maxBuffer: MAX_OUTPUT,
    };
    const child = execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") {
        resolve({ stdout, stderr, code });
        return;
      }
      const failure = new CliError(
        code === "ENOENT"
          ? "there is no pulumi on PATH"
          : `pulumi did not end by itself: ${error?.message ?? ""}`,
        code === "ENOENT"
          ? "Install it: https://www.pulumi.com/docs/install/"
          : "Run the same command again.",
        { cause: error },
      );
      reject(failure);
    });
    // One that does not read it ends with an exit code, which says more than a broken pipe.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}
