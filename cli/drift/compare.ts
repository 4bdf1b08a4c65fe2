import { isDeepStrictEqual } from "node:util";

import type { KubeObject } from "../cluster/object.ts";
import { isController } from "./owners.ts";
import { fieldTree, ownersBelow, stepsInto, type FieldTree, type Owner } from "./fields.ts";

/** A field that is not as the program says. */
export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  /** What an `up` would set; `undefined` where it would take the field away, or says nothing of it. */
  readonly wanted: unknown;
  /** What is there; `undefined` for nothing. */
  readonly found: unknown;
  /** Who set what is there; for what is gone, who wrote last. */
  readonly owners: readonly Owner[];
}

/** What every write changes, and what only the server writes. */
const SERVERS_OWN = [
  "managedFields",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "uid",
  "selfLink",
];

const comparable = ({ status: _, metadata, ...object }: KubeObject): object => ({
  metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVERS_OWN.includes(key))),
  ...object,
});

/**
 * Where an object would change if the program were applied once more. Both sides are the server's own answers, so that quantities,
 * defaults and what webhooks add are written alike.
 *
 * @param live the object as it is
 * @param applied what the server would make of it: the answer to a dry run
 */
export function changes(live: KubeObject, applied: KubeObject): readonly FieldChange[] {
  const owners = fieldTree(live.metadata.managedFields);
  const shape = fieldTree([
    ...(live.metadata.managedFields ?? []),
    ...(applied.metadata.managedFields ?? []),
  ]);
  const last = lastWriter(live);
  return differences(comparable(live), comparable(applied), "", shape).map(
    ({ keys, path, wanted, found }) => {
      const known = found === undefined ? [] : ownersAt(owners, keys);
      return { path, wanted, found, owners: known.length > 0 ? known : last };
    },
  );
}

interface Difference {
  readonly keys: readonly string[];
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

function differences(
  found: unknown,
  wanted: unknown,
  path: string,
  tree: FieldTree | undefined,
): Difference[] {
  if (isDeepStrictEqual(found, wanted)) return [];
  const here = [{ keys: [], path, wanted, found }];
  const [left, right] = [stepsInto(found, tree), stepsInto(wanted, tree)];
  if (left === undefined || right === undefined || Array.isArray(found) !== Array.isArray(wanted))
    return here;
  // Without keys, one item more shifts all others.
  if (left.some(({ key }) => key.startsWith("i:")) && left.length !== right.length) return here;
  const steps = new Map([...left, ...right].map((step) => [step.key, step]));
  return [...steps].flatMap(([key, { text }]) => {
    const value = (steps: typeof left): unknown => steps.find((step) => step.key === key)?.value;
    const below = differences(value(left), value(right), joined(path, text), tree?.children.get(key));
    return below.map((difference) => ({ ...difference, keys: [key, ...difference.keys] }));
  });
}

/** The very field's owners; or of its parts; or of the nearest whole that it is a part of, as of a list without keys. */
function ownersAt(tree: FieldTree, keys: readonly string[]): readonly Owner[] {
  let node: FieldTree | undefined = tree;
  let nearest = tree.owners;
  for (const key of keys) {
    node = node.children.get(key);
    if (node === undefined) return nearest;
    if (node.owners.length > 0) nearest = node.owners;
  }
  const below = ownersBelow(node);
  return below.length > 0 ? below : nearest;
}

/** Whoever wrote the object last, controllers apart: nothing tells who took a field away. */
function lastWriter({ metadata }: KubeObject): readonly Owner[] {
  const writers = (metadata.managedFields ?? [])
    .map(({ fieldsV1: _, ...owner }) => owner)
    .filter((owner) => !isController(owner))
    .sort((one, other) => (other.time ?? "").localeCompare(one.time ?? ""));
  return writers.slice(0, 1);
}

/**
 * Fields that somebody else has set and the program says nothing of: an `up` leaves them as they are.
 *
 * @param applied what the server would make of the object if the program were applied once more
 * @param isProgram whether an owner is the program
 */
export function additions(applied: KubeObject, isProgram: (owner: Owner) => boolean): readonly FieldChange[] {
  const found: FieldChange[] = [];
  const visit = (value: unknown, tree: FieldTree, path: string): void => {
    const { owners } = tree;
    const isItem = owners.length > 0 && path.endsWith("]") && tree.children.size > 0;
    if (owners.length > 0 && (tree.children.size === 0 || (isItem && !ownersBelow(tree).some(isProgram)))) {
      if (!owners.some(isProgram)) found.push({ path, wanted: undefined, found: value, owners });
      return;
    }
    for (const { key, text, value: child } of stepsInto(value, tree) ?? []) {
      const below = tree.children.get(key);
      if (below !== undefined) visit(child, below, joined(path, text));
    }
  };
  visit(comparable(applied), fieldTree(applied.metadata.managedFields), "");
  return found;
}

const joined = (path: string, step: string): string => (path === "" ? step.replace(/^\./, "") : path + step);
