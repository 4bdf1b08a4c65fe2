import { isKubernetes } from "../objects/object.ts";
import type { PropertyChange, Step } from "../preview/preview.ts";
import { isEqual, isList, isMap, Untold, type Value, valueAt, type ValueMap } from "../preview/values.ts";

/** A key of a map, or of a list whose items have names of their own: `[api]` instead of `[0]`. */
export type Segment = string | { readonly item: string };

/** A field that changes. */
export interface Field {
  /** Where it is. */
  readonly path: readonly Segment[];
  /** `undefined` for what is new. */
  readonly before: Value | undefined;
  /** `undefined` for what goes. */
  readonly after: Value | undefined;
  /** Whether the object has to be replaced because of it. */
  readonly replaces: boolean;
}

/** `spec.template.spec.containers[api].image`. */
export function pathText(path: readonly Segment[]): string {
  return path
    .map((segment) => {
      if (typeof segment !== "string") return `[${segment.item}]`;
      return /^[\w-]+$/.test(segment) ? `.${segment}` : `["${segment}"]`;
    })
    .join("")
    .replace(/^\./, "");
}

/**
 * Keys by which Kubernetes tells items of a list apart; the first that every item has, each another, is taken.
 * Source: `x-kubernetes-list-map-keys` and `x-kubernetes-patch-merge-key` in the API's schema.
 */
const MERGE_KEYS = ["name", "mountPath", "containerPort", "port", "ip", "key", "type", "topologyKey", "uid"];

/** The fields in which a resource differs, of what the program says and of what else the provider found. */
export function fieldsOf({ type, before, after, changes }: Step): readonly Field[] {
  if (before === undefined || after === undefined) return [];
  const own = [...differences(before.inputs, after.inputs, [])].filter(({ path }) => !isOfPulumi(path));
  const forcing = changes.filter(({ replaces }) => replaces).map(({ path }) => named(path, before, after));
  const fields = own.map((field) => ({
    ...field,
    replaces: forcing.some((path) => overlaps(path, field.path) || overlaps(listOf(path), field.path)),
  }));
  const unseen = changes.flatMap((change): Field[] => {
    const path = named(change.path, before, after);
    // An index says less than a name: where items of a list differ, they have been told of by name.
    if (isOfPulumi(path) || fields.some((field) => overlaps(listOf(path), field.path))) return [];
    return fieldAt(change, path, before, after, isKubernetes(type));
  });
  return [...fields, ...unseen];
}

/** The path of the first list on a path; the path itself where there is none. */
function listOf(path: readonly Segment[]): readonly Segment[] {
  const item = path.findIndex((segment) => typeof segment !== "string");
  return item === -1 ? path : path.slice(0, item);
}

/** What only the provider has seen: a secret that reads the same on both sides, or what the cluster has and nobody wrote. */
function fieldAt(
  { path: raw, replaces }: PropertyChange,
  path: readonly Segment[],
  before: Sides,
  after: Sides,
  kubernetes: boolean,
): Field[] {
  const keys = parsePath(raw);
  const inputs = [valueAt(before.inputs, ...keys), valueAt(after.inputs, ...keys)] as const;
  const live = valueAt(before.outputs, ...keys);
  const old = inputs[0] instanceof Untold || !kubernetes ? inputs[0] : (live ?? inputs[0]);
  if (old === undefined && inputs[1] === undefined && !replaces) return [];
  return [{ path, before: old, after: inputs[1], replaces }];
}

interface Sides {
  readonly inputs: ValueMap;
  readonly outputs: ValueMap;
}

function* differences(
  before: Value,
  after: Value,
  path: readonly Segment[],
): Generator<Omit<Field, "replaces">> {
  if (isEqual(before, after)) return;
  if (isMap(before) && isMap(after)) {
    yield* keyed(before, after, (key) => [...path, key]);
    return;
  }
  if (isList(before) && isList(after)) {
    const [left, right] = [byKey(before), byKey(after)];
    if (left !== undefined && right !== undefined) {
      yield* keyed(left, right, (item) => [...path, { item }]);
      return;
    }
    const isOfMaps = [...before, ...after].every(isMap);
    if (isOfMaps && before.length === after.length) {
      for (const [index, value] of before.entries()) {
        yield* differences(value, after[index] as Value, [...path, { item: String(index) }]);
      }
      return;
    }
  }
  yield { path, before, after };
}

function* keyed(
  before: ValueMap,
  after: ValueMap,
  below: (key: string) => readonly Segment[],
): Generator<Omit<Field, "replaces">> {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [left, right] = [before[key], after[key]];
    if (left === undefined || right === undefined) yield { path: below(key), before: left, after: right };
    else yield* differences(left, right, below(key));
  }
}

/** A list's items by their names; `undefined` where they have none. */
function byKey(list: readonly Value[]): ValueMap | undefined {
  const key = mergeKey(list);
  if (list.length === 0) return {};
  return key === undefined ? undefined : Object.fromEntries(list.map((item) => [keyOf(item, key), item]));
}

function mergeKey(list: readonly Value[]): string | undefined {
  return MERGE_KEYS.find((key) => {
    const names = list.map((item) => keyOf(item, key));
    return !names.includes("") && new Set(names).size === names.length;
  });
}

function keyOf(item: Value | undefined, key: string): string {
  const value = valueAt(item, key);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Pulumi's path as ours: items by their names. */
function named(raw: string, before: Sides, after: Sides): readonly Segment[] {
  let sides: (Value | undefined)[] = [after.inputs, before.inputs, before.outputs];
  return parsePath(raw).map((key) => {
    const lists = sides.filter(isList);
    const list = lists.find((candidate) => candidate[Number(key)] !== undefined) ?? lists[0];
    const names = list === undefined ? undefined : mergeKey(list);
    const item = list?.[Number(key)];
    sides = sides.map((side) => valueAt(side, key));
    if (typeof key === "string" && list === undefined) return key;
    return { item: (names !== undefined && keyOf(item, names)) || String(key) };
  });
}

/** `a.b["c.d"][0]` as its keys. */
export const parsePath = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    quoted !== undefined
      ? quoted.replace(/\\(.)/g, "$1")
      : index !== undefined
        ? Number(index)
        : (plain ?? ""),
  );

/** Whether one path is the other, or lies below it. */
function overlaps(left: readonly Segment[], right: readonly Segment[]): boolean {
  const text = (segment: Segment | undefined): string =>
    typeof segment === "object" ? segment.item : (segment ?? "");
  return left.slice(0, right.length).every((segment, index) => text(segment) === text(right[index]));
}

/** Annotations and fields in which Pulumi keeps notes for itself. */
const isOfPulumi = (path: readonly Segment[]): boolean =>
  path.some(
    (segment) =>
      typeof segment === "string" &&
      /^(__|pulumi\.com\/|kubectl\.kubernetes\.io\/last-applied)/.test(segment),
  );
