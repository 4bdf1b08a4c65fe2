/** The fields of a value that are set: absent keys stay out of manifests, so that the cluster's defaults stand. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
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
