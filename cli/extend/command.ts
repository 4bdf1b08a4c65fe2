import { Command } from "commander";

import { CliError } from "../base/errors.ts";
import { print, printJson, withJson } from "../base/output.ts";
import { openStack, type ProjectOptions, withProject } from "../base/project.ts";
import { pulumiError, runPulumi } from "../base/pulumi.ts";
import { inTemporary } from "../base/temporary.ts";
import { extendedTo, TERM } from "./date.ts";

interface Options extends ProjectOptions {
  readonly key?: string;
  readonly up: boolean;
  readonly json?: boolean;
}

const HELP = `
The date is written into the stack's file, and then brought to the cluster by pulumi up, for slipway
expire goes by what the stack's objects are labelled with. If the program or the file has other changes
that wait for an up, nothing of that is done: they want to be looked at first.

Examples:
  slipway extend 7d            a week more: from the stack's own day, or from today if that has passed
  slipway extend 2027-01-31    until that day
  slipway extend never         for good
  slipway extend 7d --no-up    the file alone; the next pulumi up does the rest
`;

/** `slipway extend`. */
export const extendCommand = withJson(
  withProject(new Command("extend"))
    .description("give a stack more time: 7d, 2w, 3m, 1y, a date, or never")
    .argument("<term>", "a term, a date, or never")
    .option("--key <key>", "configuration key of the date (default: expires of the project)")
    .option("--no-up", "change the stack's file alone"),
)
  .addHelpText("after", HELP)
  .action(async (term: string, options: Options) => {
    const { workspace, name } = await openStack(options);
    const { key = "expires", up, json } = options;
    const before = await configured(workspace.workDir, name, key);
    const expires = extendedTo(term, before, new Date());
    if (expires === undefined) throw new CliError(`"${term}" is no term`, `It ${TERM}.`);
    // What waits is found before the date is changed: afterwards every object has a change.
    const waiting = up ? await waitingChanges(workspace.workDir, name) : [];
    if (waiting.length > 0) {
      throw new CliError(
        `stack ${name} has changes that wait for an up: ${waiting.slice(0, 3).join(", ")}${waiting.length > 3 ? ` and ${waiting.length - 3} more` : ""}`,
        "Look at them by pulumi preview, and bring them up; or change the file alone: slipway extend --no-up.",
      );
    }
    await pulumi(["config", "set", key, expires], workspace.workDir, name);
    if (up) await pulumi(["up", "--yes", "--skip-preview", "--suppress-outputs"], workspace.workDir, name);
    if (json) printJson({ stack: name, before, expires, up });
    else {
      print(
        `Stack ${name} is there ${expires === "never" ? "for good" : `until ${expires}`}${up ? "." : ", from the next pulumi up on."}`,
      );
    }
  });

async function configured(directory: string, stack: string, key: string): Promise<string | undefined> {
  const { stdout, code } = await runPulumi(["config", "get", key, "--stack", stack], directory);
  const value = stdout.trim();
  return code === 0 && value !== "" ? value.slice(0, "2027-01-31".length) : undefined;
}

interface Digest {
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
}

/** Names of what an `up` would change as things are. */
async function waitingChanges(directory: string, stack: string): Promise<string[]> {
  const digest = JSON.parse(await pulumi(["preview", "--json"], directory, stack)) as Digest;
  return (digest.steps ?? [])
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ urn }) => urn.split("::").slice(3).join("::"));
}

/** Runs Pulumi, and gives what it printed. */
async function pulumi(args: readonly string[], directory: string, stack: string): Promise<string> {
  const result = await inTemporary((TMPDIR) =>
    runPulumi([...args, "--stack", stack], directory, { env: { TMPDIR } }),
  );
  if (result.code === 0) return result.stdout;
  throw pulumiError(result, `pulumi ${args[0] ?? ""} failed`, "Mend what it says, and run this again.");
}
