import { pulumiError, runPulumi } from "../base/pulumi.ts";
import type { StateResource } from "./resource.ts";

/** What was under way when the engine was last heard of. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/** A stack's state as Pulumi keeps it. */
export interface Checkpoint {
  /** Of the format. */
  readonly version: number;
  readonly deployment: {
    readonly manifest: { readonly time: string; readonly version?: string };
    readonly secrets_providers?: unknown;
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
    readonly [more: string]: unknown;
  };
  readonly [more: string]: unknown;
}

export const resourcesOf = ({ deployment }: Checkpoint): readonly StateResource[] =>
  deployment.resources ?? [];

export const pendingOf = ({ deployment }: Checkpoint): readonly PendingOperation[] =>
  deployment.pending_operations ?? [];

/** A stack of a project. */
export interface StackPlace {
  /** Directory of the project. */
  readonly directory: string;
  /** Name of the stack, as Pulumi takes it. */
  readonly stack: string;
}

/**
 * A stack's state. Its secrets are encrypted, which needs no passphrase, unless they are asked for in plain.
 *
 * @throws CliError with what Pulumi says where there is none
 */
export async function exportCheckpoint(
  { directory, stack }: StackPlace,
  { showSecrets = false }: { readonly showSecrets?: boolean } = {},
): Promise<Checkpoint> {
  const plain = showSecrets ? ["--show-secrets"] : [];
  const result = await runPulumi(["stack", "export", "--stack", stack, ...plain], directory);
  if (result.code !== 0) {
    throw pulumiError(
      result,
      `the state of stack ${stack} cannot be read`,
      "`pulumi stack ls` shows the stacks of the backend, `pulumi whoami -v` which backend that is.",
    );
  }
  return JSON.parse(result.stdout) as Checkpoint;
}

/**
 * Puts a state in the place of a stack's own. Pulumi checks that it is whole, drops what is pending, and encrypts what is
 * secret.
 *
 * @throws CliError with what Pulumi says where it refuses
 */
export async function importCheckpoint(
  { directory, stack }: StackPlace,
  checkpoint: Checkpoint,
): Promise<void> {
  // By standard input: a secret of it may be in plain, which no file should hold.
  const result = await runPulumi(["stack", "import", "--stack", stack], directory, {
    input: JSON.stringify(checkpoint),
  });
  if (result.code !== 0) {
    throw pulumiError(
      result,
      `the state of stack ${stack} cannot be written`,
      "Nothing was changed. This is what Pulumi says; run the same command again once that is mended.",
    );
  }
}
