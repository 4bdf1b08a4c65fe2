import { createInterface } from "node:readline/promises";

import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";

import { CliError } from "../base/errors.ts";

/**
 * What somebody set by hand is theirs to Kubernetes, and ends an apply with a conflict unless it insists. A preview may be told to by the
 * environment; an up would note it in the state, and the next one undo it.
 */
const INSIST = "PULUMI_K8S_ENABLE_PATCH_FORCE";

export interface FixOptions {
  /** Nobody is asked. */
  readonly yes: boolean;
  /** Where it says what it does. */
  readonly write: (text: string) => void;
  /** Makes the changed fields the program's own again, so that an up has no conflict. */
  readonly takeBack: () => Promise<void>;
}

/**
 * Says what `pulumi up --refresh` would do, and does it once the user has agreed.
 *
 * @returns whether it was done
 * @throws CliError where nobody can be asked and `--yes` was not given
 */
export async function fix(stack: Stack, { yes, write, takeBack }: FixOptions): Promise<boolean> {
  write("\nWhat `pulumi up --refresh` would do:\n");
  const { envVars } = stack.workspace;
  envVars[INSIST] = "true";
  const told = (event: EngineEvent): void => {
    const line = describeStep(event);
    if (line !== undefined) write(`  ${line}\n`);
  };
  await stack.preview({ refresh: true, onEvent: told }).finally(() => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an undefined variable would be handed on as a text
    delete envVars[INSIST];
  });
  if (!yes && !(await agreed(stack.name))) {
    write("Nothing was done.\n");
    return false;
  }
  await takeBack();
  const { summary } = await stack.up({ refresh: true, suppressProgress: true });
  const counts = Object.entries(summary.resourceChanges ?? {}).filter(([op]) => op !== "same");
  write(`Done: ${counts.map(([op, count]) => `${count} ${op}`).join(", ") || "nothing was left to do"}.\n\n`);
  return true;
}

/** What the SDK leaves untyped of a step. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: object | null;
}

/** A step that changes something, as a line: `update Deployment hello: spec.replicas`. */
export function describeStep({
  resourcePreEvent,
}: Pick<EngineEvent, "resourcePreEvent">): string | undefined {
  if (resourcePreEvent === undefined) return undefined;
  const { op, urn, type, detailedDiff } = resourcePreEvent.metadata as Step;
  // A provider's settings are no object of the cluster.
  if (["same", "read", "refresh"].includes(op) || type.startsWith("pulumi:")) return undefined;
  const fields = Object.keys(detailedDiff ?? {});
  const name = `${type.split(":").at(-1) ?? ""} ${urn.split("::").at(-1) ?? ""}`;
  return `${op} ${name}${fields.length === 0 ? "" : `: ${fields.join(", ")}`}`;
}

async function agreed(stack: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      "--fix asks before it changes anything, and there is nobody to ask",
      "Add --yes to have it done.",
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Do this to stack ${stack}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
