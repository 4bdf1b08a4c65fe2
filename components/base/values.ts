/** The fields of a value that are set: absent keys stay out of manifests, so that the cluster's defaults stand. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** A value without some of its keys. */
export function without<T extends object, K extends PropertyKey>(
  value: T,
  keys: Readonly<Record<K, true>>,
): Omit<T, K> {
  const entries = Object.entries(value).filter(([key]) => !Object.hasOwn(keys, key));
  return Object.fromEntries(entries) as Omit<T, K>;
}

/** One value or several, as a list. */
export function listOf<T extends object>(values: T | readonly T[] | undefined): readonly T[] {
  if (values === undefined) return [];
  return isList(values) ? values : [values];
}

/** Whether a value is a list; `Array.isArray` does not tell a read-only one by its type. */
export const isList = <T extends object>(values: T | readonly T[]): values is readonly T[] =>
  Array.isArray(values);

/** A text in base64, as a Secret's `data` holds it. */
export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Fields by name: Helm values, a stack's configuration, or a part of them. */
export type Values = Readonly<Record<string, unknown>>;

/** Whether a value has fields by name; a list has none. */
export const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `over` laid over `base`: objects are merged, anything else replaces what stood there, as in Helm. */
export function merge(base: Values, over: Values): Values {
  const laid = Object.entries(over).map(([key, value]): [string, unknown] => {
    const below = base[key];
    return [key, isValues(below) && isValues(value) ? merge(below, value) : value];
  });
  return Object.fromEntries([...Object.entries(base), ...laid]);
}

/**
 * The values without those that are undefined and the objects that this leaves empty, at every depth; null stays, it unsets.
 * In Helm values an empty object says nothing, in a manifest it may: there {@link defined} keeps it.
 */
export function compact(values: Values): Values {
  const kept = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (!isValues(value)) return [[key, value]];
    const inner = compact(value);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}
