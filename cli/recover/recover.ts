import { CliError } from "../base/errors.ts";
import { Cluster } from "../cluster/cluster.ts";
import { UnreachableError } from "../cluster/errors.ts";
import {
  type Checkpoint,
  exportCheckpoint,
  importCheckpoint,
  pendingOf,
  resourcesOf,
} from "../state/checkpoint.ts";
import type { StackPlace } from "../state/checkpoint.ts";
import { clusterOf } from "../state/cluster-of.ts";
import { breakStaleLocks, describeLock, type Lock, locksOf } from "../state/locks.ts";
import { statedObjects } from "../state/missing.ts";
import { isObject, nameOf } from "../state/resource.ts";
import { astrayObjects } from "./astray.ts";
import { awaitNodePorts } from "./node-ports.ts";
import { lastingObjects } from "./deletions.ts";
import { endOrphans, type Orphan } from "./orphans.ts";
import { describeStep, lookups, type Plan, type Planned, planRecovery, type Step } from "./plan.ts";
import { previewCreates, withActualNames } from "./planned.ts";

export interface RecoverOptions extends StackPlace {
  /** Name of the project. */
  readonly project: string;
  /**
   * When the program is previewed, for what it would make: `always`, where objects with the stack's labels are in the cluster
   * that its state does not have, or `never`, where the program is not here.
   * @default "always"
   */
  readonly preview?: "always" | "when-astray" | "never";
  /** Whether the state stays as it is. @default false */
  readonly dryRun?: boolean;
  /** Is told what there is to wait for. @default nobody */
  readonly tell?: (text: string) => void;
  /** Strikes off what nobody can ask after, too: operations of other providers. @default false */
  readonly forget?: boolean;
}

/** What recovery found and did. */
export interface Recovery {
  readonly brokenLocks: readonly Lock[];
  readonly endedPlugins: readonly Orphan[];
  readonly steps: readonly Step[];
  /** Whether the state was changed, or with `dryRun` would be. */
  readonly changed: boolean;
  /** What could not be looked at, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Brings a stack's state and what is in the cluster together again after a run that was killed, so that the next `up`,
 * `preview` or `destroy` goes on from there. Nothing in the cluster is changed.
 *
 * @throws CliError where another run is at work, the cluster cannot be reached, or an operation is of a provider that nobody
 *   here can ask
 */
export async function recover(options: RecoverOptions): Promise<Recovery> {
  const { dryRun = false } = options;
  const locks = await locksOf(options, options.project);
  refuseHeld(locks, options.stack);
  const brokenLocks = locks.filter(({ state }) => state === "stale");
  if (!dryRun) breakStaleLocks(locks);
  const endedPlugins = dryRun ? [] : await endOrphans();

  const checkpoint = await exportCheckpoint(options);
  const { plan, warnings } = await planFor(checkpoint, options);
  refuseUnknown(plan, options);
  if (plan.checkpoint !== undefined && !dryRun) await importCheckpoint(options, plan.checkpoint);
  return { brokenLocks, endedPlugins, steps: plan.steps, changed: plan.checkpoint !== undefined, warnings };
}

async function planFor(
  checkpoint: Checkpoint,
  options: RecoverOptions,
): Promise<{ plan: Plan; warnings: string[] }> {
  const touched = [...resourcesOf(checkpoint), ...pendingOf(checkpoint).map(({ resource }) => resource)];
  if (!touched.some(isObject)) {
    // Nothing was made in a cluster, so none is asked.
    return { plan: planRecovery({ checkpoint, planned: [], live: new Map() }), warnings: [] };
  }
  const warnings: string[] = [];
  const cluster = await Cluster.open(clusterOf(checkpoint));
  try {
    // Of a destroy that was killed, Kubernetes goes on with what it was asked for: what is on its way out would fail the next up.
    await lastingObjects(cluster, statedObjects(checkpoint));
    const { astray, unread } = await astrayObjects(cluster, options, touched);
    if (unread.length > 0)
      warnings.push(`not checked, because the cluster did not let us list them: ${unread.join(", ")}`);
    const interrupted = pendingOf(checkpoint)
      .filter(({ type }) => type === "creating")
      .map(({ resource }) => resource);
    warnings.push(...(await awaitNodePorts(cluster, interrupted, options.tell ?? (() => undefined))));
    let planned: Planned = [];
    const { preview: wanted = "always" } = options;
    if (wanted === "always" || (wanted === "when-astray" && astray.length > 0)) {
      const preview = await previewCreates(options);
      if ("planned" in preview) planned = withActualNames(preview.planned, astray);
      else
        warnings.push(`what the program would make is not known, for its preview failed: ${preview.failure}`);
    }
    const live = await lastingObjects(cluster, lookups({ checkpoint, planned }));
    return { plan: planRecovery({ checkpoint, planned, live }), warnings };
  } catch (error) {
    throw error instanceof UnreachableError ? withForgetting(error, options.stack) : error;
  } finally {
    await cluster.close();
  }
}

/** A cluster that does not answer may be gone for good, and its stacks with it. */
const withForgetting = ({ message, advice, cause }: UnreachableError, stack: string): UnreachableError =>
  new UnreachableError(
    message,
    `${advice}\nIf the cluster is gone for good, this forgets what was on it: PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack ${stack}`,
    { cause },
  );

function refuseHeld(locks: readonly Lock[], stack: string): void {
  const held = locks.find(({ state }) => state === "held");
  if (held !== undefined) {
    throw new CliError(
      `stack ${stack} is in use by ${describeLock(held)}`,
      `Wait until that has ended, or end it: kill ${held.pid}. Then run this again.`,
    );
  }
  const elsewhere = locks.find(({ state }) => state === "elsewhere");
  if (elsewhere !== undefined) {
    throw new CliError(
      `stack ${stack} is locked by ${describeLock(elsewhere)}, which cannot be asked from here`,
      `Once it is certain that nothing runs there: pulumi cancel --stack ${stack}. Then run this again.`,
    );
  }
}

function refuseUnknown({ steps }: Plan, { stack, forget = false }: RecoverOptions): void {
  const unknown = steps.filter(({ action }) => action === "unknown");
  if (unknown.length === 0 || forget) return;
  throw new CliError(
    `stack ${stack} was interrupted while it made what slipway cannot look up: ${unknown.map(({ urn }) => nameOf(urn)).join(", ")}`,
    "Look for it by hand; what is there goes into the state by pulumi import. Then strike the operations off: slipway recover --forget.",
  );
}

/** What was done, a line for each. */
export const describeRecovery = ({ brokenLocks, endedPlugins, steps, warnings }: Recovery): string[] => [
  ...brokenLocks.map((lock) => `removed the lock of ${describeLock(lock)}: that process is gone`),
  ...endedPlugins.map(({ name, pid }) => `ended ${name} (process ${pid}): its engine is gone`),
  ...steps.map(describeStep),
  ...warnings.map((warning) => `warning: ${warning}`),
];
