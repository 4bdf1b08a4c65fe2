import type { ManagedFields } from "../cluster/object.ts";

/** Who set a field, as server-side apply keeps it. */
export type Owner = Omit<ManagedFields, "fieldsV1">;

/**
 * The fields that somebody set, each with who did. It is what all entries of `metadata.managedFields` say together.
 *
 * Source: {@link https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management}.
 */
export interface FieldTree {
  /** Who set this very field: the value, or that the list item or the object is there. */
  readonly owners: readonly Owner[];
  /** By the keys of `fieldsV1`: `f:spec`, `k:{"name":"web"}`, `v:"x"`. */
  readonly children: ReadonlyMap<string, FieldTree>;
}

interface Growing {
  readonly owners: Owner[];
  readonly children: Map<string, Growing>;
}

/** Joins the entries of `metadata.managedFields`. */
export function fieldTree(managed: readonly ManagedFields[] = []): FieldTree {
  const tree: Growing = { owners: [], children: new Map() };
  for (const { fieldsV1 = {}, ...owner } of managed) grow(tree, fieldsV1, owner);
  return tree;
}

function grow(tree: Growing, fields: Readonly<Record<string, unknown>>, owner: Owner): void {
  const keys = Object.keys(fields);
  if (keys.length === 0 || keys.includes(".")) tree.owners.push(owner);
  for (const key of keys) {
    if (key === ".") continue;
    const child = tree.children.get(canonical(key)) ?? { owners: [], children: new Map() };
    tree.children.set(canonical(key), child);
    grow(child, fields[key] as Record<string, unknown>, owner);
  }
}

/** Keys of list items are compared as texts. */
const canonical = (key: string): string =>
  key.startsWith("k:") ? `k:${sorted(JSON.parse(key.slice(2)) as object)}` : key;

const sorted = (object: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1))));

/** Everybody who set something of a subtree. */
export const ownersBelow = (tree: FieldTree | undefined): readonly Owner[] =>
  tree === undefined ? [] : [...tree.owners, ...[...tree.children.values()].flatMap(ownersBelow)];

/** One step down into a value. */
export interface Step {
  /** Key in {@link FieldTree.children}. */
  readonly key: string;
  /** As people write it, behind what stands before: `.spec`, `["a.b/c"]`, `[name=web]`, `[0]`. */
  readonly text: string;
  readonly value: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The parts of a value. Items of a list are told apart as the API server does it, by the keys that it noted for the list, or else
 * by their place; `undefined` for what has no parts.
 */
export function stepsInto(value: unknown, tree: FieldTree | undefined): readonly Step[] | undefined {
  if (isObject(value))
    return Object.entries(value).map(([name, child]) => ({
      key: `f:${name}`,
      text: /^[\w-]+$/.test(name) ? `.${name}` : `["${name}"]`,
      value: child,
    }));
  if (!Array.isArray(value)) return undefined;
  const keys = [...(tree?.children.keys() ?? [])];
  const names = keyNames(keys);
  if (names !== undefined && value.every(isObject)) return value.map((item) => keyedItem(item, names));
  if (keys.some((key) => key.startsWith("v:")))
    return value.map((item) => ({
      key: `v:${JSON.stringify(item)}`,
      text: `[${JSON.stringify(item)}]`,
      value: item as unknown,
    }));
  return value.map((item, index) => ({ key: `i:${index}`, text: `[${index}]`, value: item as unknown }));
}

function keyNames(keys: readonly string[]): readonly string[] | undefined {
  const [first] = keys.filter((key) => key.startsWith("k:"));
  return first === undefined ? undefined : Object.keys(JSON.parse(first.slice(2)) as object);
}

function keyedItem(item: Readonly<Record<string, unknown>>, names: readonly string[]): Step {
  const present = names.filter((name) => name in item);
  const identity = Object.fromEntries(present.map((name) => [name, item[name]]));
  const text = present.map((name) => `${name}=${String(item[name])}`).join(",");
  return { key: `k:${sorted(identity)}`, text: `[${text}]`, value: item };
}
