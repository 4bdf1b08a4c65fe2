/** Helm values, or a part of them. */
export type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `over` laid over `base`: objects are merged, anything else replaces what stood there, as in Helm. */
export function merge(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

/** The values without those that are undefined and the objects that this leaves empty; null stays, it unsets. */
export function compact(values: Values): Values {
  const kept = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (!isObject(value)) return [[key, value]];
    const inner = compact(value);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}
