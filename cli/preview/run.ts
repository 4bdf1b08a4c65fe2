import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { CliError, explained } from "../base/errors.ts";
import { openStack, type ProjectOptions } from "../base/project.ts";
import type { StackPlace } from "../state/checkpoint.ts";
import type { Preview } from "./preview.ts";
import { fromEvents, type RawEvent } from "./read.ts";

export interface PreviewOptions extends ProjectOptions {
  /** Whether the state is read anew from the cluster first, as by `pulumi preview --refresh`. */
  readonly refresh?: boolean;
  /** Directories of policy packs. */
  readonly policyPack?: readonly string[];
  /** Files of settings, one for each policy pack. @default `settings/<stack>.json` of the packs, where all have one */
  readonly policyPackConfig?: readonly string[];
  /** URNs to which the preview is limited. */
  readonly target?: readonly string[];
  /** What is done while the engine works: it leaves this process nothing to do. */
  readonly meanwhile?: (() => void) | undefined;
}

/**
 * Runs `pulumi preview` and collects what it tells. A preview that fails has told something as well, and that is what the
 * review is about then.
 *
 * @throws where it failed before it told anything
 */
export async function runPreview(options: PreviewOptions): Promise<Preview> {
  const stack = await openStack(options);
  const events: RawEvent[] = [];
  let failure: Error | undefined;
  try {
    await stack.preview({
      refresh: options.refresh === true,
      ...policiesOf(options, { stack: stack.name, directory: stack.workspace.workDir }),
      ...(options.target && { target: [...options.target] }),
      onEvent: (event) => {
        if (events.push(event) === 1) options.meanwhile?.();
      },
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  const preview = fromEvents(events);
  if (failure === undefined) return { ...preview, failed: false };
  if (preview.steps.length === 0 && preview.diagnostics.length === 0) throw failure;
  const { name: project } = await stack.workspace.projectSettings();
  const told =
    preview.diagnostics.some(({ severity }) => severity === "error") || preview.findings.length > 0;
  const unexplained = { severity: "error", urn: "", message: explained(failure) ?? failure.message } as const;
  return {
    ...preview,
    project: preview.project || project,
    stack: preview.stack || stack.name,
    diagnostics: told ? preview.diagnostics : [...preview.diagnostics, unexplained],
    failed: true,
  };
}

/**
 * Policy packs with their settings for a stack, which Pulumi wants for each of them or for none.
 *
 * @throws CliError where there are settings for some of the packs
 */
export function policiesOf(
  { policyPack: packs = [], policyPackConfig: given }: PreviewOptions,
  { stack, directory }: StackPlace,
): { readonly policyPacks?: string[]; readonly policyPackConfigs?: string[] } {
  if (given !== undefined && given.length !== packs.length) {
    throw new CliError(
      `there are ${packs.length} policy packs and ${given.length} files of settings`,
      "Give --policy-pack-config once for each --policy-pack, in the same order.",
    );
  }
  const own = packs.map((pack) => join(pack, "settings", `${stack.split("/").at(-1) ?? stack}.json`));
  const configs = given ?? (own.every((file) => existsSync(resolve(directory, file))) ? own : []);
  return {
    ...(packs.length > 0 && { policyPacks: [...packs] }),
    ...(configs.length > 0 && { policyPackConfigs: [...configs] }),
  };
}
