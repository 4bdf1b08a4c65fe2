import { explained } from "../base/errors.ts";
import { openStack, type ProjectOptions } from "../base/project.ts";
import type { Preview } from "./preview.ts";
import { fromEvents, type RawEvent } from "./read.ts";

export interface PreviewOptions extends ProjectOptions {
  /** Whether the state is read anew from the cluster first, as by `pulumi preview --refresh`. */
  readonly refresh?: boolean;
  /** Directories of policy packs. */
  readonly policyPack?: readonly string[];
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
      ...(options.policyPack && { policyPacks: [...options.policyPack] }),
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
