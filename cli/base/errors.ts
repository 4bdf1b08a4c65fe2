import { explainFailure } from "./failures.ts";

/**
 * Something that the user can do something about: a stack that there is not, a cluster that does not answer, a file that is
 * none. `main.ts` prints the message and the advice in a line each, and no stack trace.
 */
export class CliError extends Error {
  /** What to do next, as a sentence. */
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CliError";
    this.advice = advice;
  }
}

/** What a child of the Automation API said; it has no type of its own for it. */
interface PulumiFailure extends Error {
  readonly commandResult: { readonly stdout: string; readonly stderr: string };
}

const isPulumiFailure = (error: unknown): error is PulumiFailure =>
  error instanceof Error && "commandResult" in error;

/** Pulumi's words for a user's mistake in a program: `RunError` of its SDK. */
const isRunError = (error: unknown): error is Error => error instanceof Error && "__pulumiRunError" in error;

/** An error as the user sees it, or `undefined` for a bug of ours, whose trace is what one needs. */
export function explained(error: unknown): string | undefined {
  if (error instanceof CliError) return `${error.message}\n${error.advice}`;
  if (isPulumiFailure(error)) return pulumiMessage(error.commandResult);
  if (isRunError(error)) return error.message;
  return undefined;
}

/** What Pulumi said went wrong, without the rest of its output, and what that means where it is known. */
function pulumiMessage({ stdout, stderr }: PulumiFailure["commandResult"]): string {
  const diagnostics = /^Diagnostics:\n(.*?)(?=^\S|$(?![\s\S]))/ms.exec(stdout)?.[1]?.trimEnd();
  const said = [stderr.trim(), diagnostics ?? ""].filter((text) => text !== "").join("\n");
  const known = explainFailure(`${stdout}\n${stderr}`);
  return [
    `Pulumi failed:\n${said === "" ? stdout.trim() : said}`,
    ...(known === undefined ? [] : [known.message, known.advice]),
  ].join("\n");
}
