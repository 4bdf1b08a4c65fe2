import { type KubeObject } from "../cluster/object.ts";
import { type Checkpoint, pendingOf, resourcesOf } from "../state/checkpoint.ts";
import { isObject, isPatch, nameOf, objectOf, type StateResource } from "../state/resource.ts";
import { adopted } from "./adopt.ts";
import { ownership } from "./ownership.ts";
import { describeRef, objectKey, type ObjectRef, refOf } from "../../kubernetes/object.ts";

/** What is made of one interrupted operation, or of one object that nobody keeps account of. */
export interface Step {
  /**
   * - `adopt`: the object is there, and the stack's: it goes into the state
   * - `clear`: the operation is struck off; the next `up` or `destroy` does it again where it is still wanted
   * - `foreign`: the object is there, and somebody else's: nothing is done to it, and the operation is struck off
   * - `unknown`: nobody here can ask whether it was made
   */
  readonly action: "adopt" | "clear" | "foreign" | "unknown";
  readonly urn: string;
  readonly object?: ObjectRef;
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/** What recovery does to a stack's state. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The state afterwards; `undefined` where it stays as it is. */
  readonly checkpoint: Checkpoint | undefined;
}

/** What a preview would create: the resources of the program that the state does not have. */
export type Planned = readonly StateResource[];

/** What is known of a stack and its cluster. */
export interface Situation {
  readonly checkpoint: Checkpoint;
  /** What the program would create, with what it depends on before it. */
  readonly planned: Planned;
  /** Objects of the cluster by {@link objectKey}: all that are looked for, where they are there. */
  readonly live: ReadonlyMap<string, KubeObject>;
}

/** The objects that have to be looked up in the cluster before a plan can be made. */
export const lookups = ({ checkpoint, planned }: Omit<Situation, "live">): ObjectRef[] => {
  const interrupted = pendingOf(checkpoint)
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource);
  const refs = [...interrupted, ...planned].flatMap((resource) => objectOf(resource) ?? []);
  return [...new Map(refs.map((ref) => [objectKey(ref), ref])).values()];
};

/** Decides on every interrupted operation, and on every object that the program would make and that is there already. */
export function planRecovery({ checkpoint, planned, live }: Situation): Plan {
  const resources = [...resourcesOf(checkpoint)];
  const known = new Set(resources.flatMap((resource) => keyOf(resource) ?? []));
  const steps: Step[] = [];

  const take = (resource: StateResource, object: KubeObject, pending: boolean): void => {
    const own = ownership(resource, object, pending);
    const ref = refOf(object);
    if (!own.own) {
      steps.push({ action: "foreign", urn: resource.urn, object: ref, reason: own.reason });
      return;
    }
    place(resources, adopted(resource, object));
    known.add(objectKey(ref));
    steps.push({ action: "adopt", urn: resource.urn, object: ref, reason: own.reason });
  };

  const pending = pendingOf(checkpoint);
  for (const { type, resource } of pending) {
    const { urn } = resource;
    const ref = objectOf(resource);
    const object = ref && live.get(objectKey(ref));
    if (type !== "creating") {
      const again = { updating: "is updated again", deleting: "is deleted again" };
      const reason = type in again ? again[type as keyof typeof again] : "nothing was made";
      steps.push({ action: "clear", urn, ...(ref && { object: ref }), reason });
    } else if (ref !== undefined && isObject(resource)) {
      if (object !== undefined && !known.has(objectKey(ref)) && !isPatch(resource))
        take(resource, object, true);
      else steps.push({ action: "clear", urn, object: ref, reason: "is not there" });
    } else if (isHarmless(resource)) {
      steps.push({ action: "clear", urn, reason: "nothing outside of the state was made" });
    } else {
      steps.push({ action: "unknown", urn, reason: "is made by a provider that only it can ask" });
    }
  }

  for (const resource of planned) {
    const ref = objectOf(resource);
    const object = ref && live.get(objectKey(ref));
    if (!object || known.has(objectKey(ref)) || isPatch(resource)) continue;
    if (!addAncestors(resources, resource, planned)) continue;
    take(resource, object, false);
  }

  const changed = pending.length > 0 || steps.some(({ action }) => action === "adopt");
  const deployment = { ...checkpoint.deployment, resources, pending_operations: [] };
  return { steps, checkpoint: changed ? { ...checkpoint, deployment } : undefined };
}

const keyOf = (resource: StateResource): string | undefined => {
  const ref = objectOf(resource);
  return ref && objectKey(ref);
};

/** Providers of values that live in the state alone: what was not written down is nowhere, and is made anew. */
const isHarmless = ({ type, custom }: StateResource): boolean =>
  !custom || /^(pulumi:providers:|tls:|random:|command:|time:)/.test(type);

/** Puts a resource in the place of the one it replaces, or after all that it can depend on. */
function place(resources: StateResource[], adoptee: StateResource): void {
  const resource = withoutMissing(adoptee, new Set(resources.map(({ urn }) => urn)));
  const replaced = resources.findIndex(
    ({ urn, pendingReplacement }) => urn === resource.urn && pendingReplacement === true,
  );
  if (replaced >= 0) resources.splice(replaced, 1, resource);
  else {
    // What it takes the place of is still there: the engine deletes it once the new one is ready.
    for (const [index, other] of resources.entries()) {
      if (other.urn === resource.urn && other.delete !== true) resources[index] = { ...other, delete: true };
    }
    resources.push(resource);
  }
}

/** A resource without dependencies on what the state does not have: the next `up` notes them again. */
function withoutMissing(resource: StateResource, urns: ReadonlySet<string>): StateResource {
  const there = (dependencies: readonly string[] | null | undefined): string[] =>
    (dependencies ?? []).filter((urn) => urns.has(urn));
  const { dependencies, propertyDependencies, deletedWith, ...rest } = resource;
  return {
    ...rest,
    ...(dependencies && { dependencies: there(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, there(urns)]),
      ),
    }),
    ...(typeof deletedWith === "string" && urns.has(deletedWith) && { deletedWith }),
  };
}

/**
 * Adds the components that a planned resource is below, where they are new as well.
 *
 * @returns whether all that it needs is in the state: its provider above all
 */
function addAncestors(resources: StateResource[], resource: StateResource, planned: Planned): boolean {
  const urns = new Set(resources.map(({ urn }) => urn));
  const provider = resource.provider?.split("::").slice(0, -1).join("::");
  if (provider === undefined || !urns.has(provider)) return false;
  const missing: StateResource[] = [];
  for (let { parent } = resource; parent !== undefined && !urns.has(parent);) {
    const ancestor = planned.find(({ urn }) => urn === parent);
    if (ancestor === undefined || ancestor.custom) return false;
    missing.unshift({
      urn: ancestor.urn,
      type: ancestor.type,
      custom: false,
      ...(ancestor.parent && { parent: ancestor.parent }),
    });
    parent = ancestor.parent;
  }
  resources.push(...missing);
  return true;
}

/** A step in words: `took over Deployment api/api: it has the stack's labels`. */
export function describeStep({ action, urn, object, reason }: Step): string {
  const what = object === undefined ? nameOf(urn) : describeRef(object);
  switch (action) {
    case "adopt":
      return `took over ${what}: ${reason}`;
    case "clear":
      return `cleared ${what}: ${reason}`;
    case "foreign":
      return `left ${what} alone: ${reason}`;
    case "unknown":
      return `${what} ${reason}`;
  }
}
