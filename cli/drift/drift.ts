import { ApiError } from "../cluster/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { inParallel } from "../base/parallel.ts";
import { isPatch, objectOf, type StateResource } from "../state/resource.ts";
import { additions, changes, type FieldChange } from "./compare.ts";
import type { Owner } from "./fields.ts";
import { harmless } from "./harmless.ts";
import { describeOwner } from "./owners.ts";
import { wantedOf, type Wanted } from "./wanted.ts";
import { describeRef, type ObjectRef } from "../../kubernetes/object.ts";

/** One thing that the cluster has otherwise than the program said. */
export interface Drift {
  /** `Deployment api/web`. */
  readonly object: string;
  readonly ref: ObjectRef;
  /**
   * - `changed`: a field that the program says is different or gone; an `up` sets it
   * - `added`: a field that the program says nothing of; an `up` leaves it
   * - `missing`: the object is gone
   * - `refused`: the server would not take what the program says, for the object cannot be changed into it
   */
  readonly kind: "changed" | "added" | "missing" | "refused";
  /** Path of the field; empty for the object itself. */
  readonly field: string;
  /** As JSON, `[secret]` for a secret; empty for nothing. */
  readonly wanted: string;
  readonly found: string;
  /** Who set what is found, and when; of what is gone, who wrote last. */
  readonly owner: string;
  /** Why it is nobody's doing; absent where somebody did it. */
  readonly harmless?: string;
}

export interface DriftOptions {
  /** Names of further managers that are controllers. */
  readonly controllers?: readonly string[];
}

/**
 * Where the objects of a state are not as the program said: every object is asked for, and what the program said of it is applied
 * in a dry run, which changes nothing.
 *
 * @param resources of a state with its secrets in plain
 */
export async function findDrift(
  cluster: Cluster,
  resources: readonly StateResource[],
  options: DriftOptions = {},
): Promise<readonly Drift[]> {
  const objects = resources.flatMap((resource) => {
    const ref = resource.delete === true ? undefined : objectOf(resource);
    return ref === undefined || resource.id === undefined ? [] : [{ resource, ref }];
  });
  const found = await inParallel(objects, ({ resource, ref }) => driftOf(cluster, resource, ref, options));
  return found.flat();
}

/**
 * Sets the fields that were changed to what the program says, in the program's own name: then they are its own again. Without it,
 * `pulumi up` would end with a conflict with whoever set them by hand.
 */
export async function takeBack(
  cluster: Cluster,
  resources: readonly StateResource[],
  drifts: readonly Drift[],
): Promise<void> {
  const changed = drifts.filter(({ kind, harmless }) => kind === "changed" && harmless === undefined);
  const names = new Set(changed.map(({ object }) => object));
  await inParallel(resources, async (resource) => {
    const ref = resource.delete === true ? undefined : objectOf(resource);
    if (ref === undefined || !names.has(describeRef(ref))) return;
    const { object, manager } = wantedOf(resource, ref);
    await cluster.apply(object, { manager, force: true });
  });
}

async function driftOf(
  cluster: Cluster,
  resource: StateResource,
  ref: ObjectRef,
  { controllers }: DriftOptions,
): Promise<Drift[]> {
  const object = describeRef(ref);
  const whole = { object, ref, field: "", wanted: "", found: "", owner: "" };
  const live = await cluster.get(ref);
  if (live === undefined) return [{ ...whole, kind: "missing" }];
  const wanted = wantedOf(resource, ref);
  try {
    const applied = await cluster.apply(wanted.object, {
      manager: wanted.manager,
      force: true,
      dryRun: true,
    });
    const isProgram = ({ manager }: Owner): boolean => manager === wanted.manager;
    // A patch is about some fields of an object that is somebody else's.
    const more = isPatch(resource) ? [] : additions(applied, isProgram);
    return [
      ...changes(live, applied).map((change) => ["changed", change] as const),
      ...more.map((change) => ["added", change] as const),
    ].map(([kind, change]) => {
      const because = harmless(change, controllers);
      return {
        object,
        ref,
        kind,
        ...described(change, ref, wanted),
        ...(because !== undefined && { harmless: because }),
      };
    });
  } catch (error) {
    if (!(error instanceof ApiError) || ![409, 422].includes(error.status)) throw error;
    return [{ ...whole, kind: "refused", found: error.message }];
  }
}

/** A change in words, without what is secret. */
function described(
  { path, wanted, found, owners }: FieldChange,
  ref: ObjectRef,
  { secrets }: Wanted,
): Pick<Drift, "field" | "wanted" | "found" | "owner"> {
  const hidden = ref.kind === "Secret" ? [...secrets, "data", "stringData"] : secrets;
  const isHidden = hidden.some((secret) => meet(withoutItems(path), withoutItems(secret)));
  const show = (value: unknown): string =>
    value === undefined ? "" : isHidden ? "[secret]" : JSON.stringify(value);
  const names = [...new Map(owners.map((owner) => [describeOwner(owner), owner])).keys()];
  return { field: path, wanted: show(wanted), found: show(found), owner: names.join("; ") };
}

/**
 * A path without the items of lists, which a state tells apart by place and the server by key: what holds for one item holds for
 * all.
 */
const withoutItems = (path: string): string =>
  path.replaceAll(/\["([^"]+)"\]/g, ".$1").replaceAll(/\[[^\]]*\]/g, "");

/** Whether one path lies within the other. */
const meet = (one: string, other: string): boolean => within(one, other) || within(other, one);

const within = (inner: string, outer: string): boolean =>
  inner === outer || outer === "" || inner.startsWith(`${outer}.`);
