/** Where a value is: names of keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** A path as users write it: `apps.api.hosts[0]`. */
export const keyOf = (path: Path): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`))
    .join("");

/** Whether a key is another one or lies below it. */
export const isWithin = (key: string, other: string): boolean =>
  key === other || key.startsWith(`${other}.`) || key.startsWith(`${other}[`);

/** The value at a path; `undefined` where there is none. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );

/** Every value below another, itself included, with its path. */
export function* valuesOf(data: unknown, path: Path = []): Generator<readonly [Path, unknown]> {
  yield [path, data];
  if (typeof data !== "object" || data === null) return;
  for (const [key, value] of Object.entries(data)) {
    yield* valuesOf(value, [...path, Array.isArray(data) ? Number(key) : key]);
  }
}
