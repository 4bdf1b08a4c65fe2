import { renamed } from "../../components/base/renamed.ts";
import { resolved, type Schema } from "./schema.ts";

/** A choice of values, and the one that was probably meant. */
export function choice(values: readonly unknown[], given: unknown): string {
  const allowed = `must be ${listed(values)}`;
  const close = typeof given === "string" ? nearest(given, values.map(String)) : undefined;
  return close === undefined ? allowed : `${allowed}; did you mean ${JSON.stringify(close)}?`;
}

const listed = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(" or ");

/** What is said of a key that there is none of. */
export function unknownKey(key: string, known: readonly string[]): string {
  const name = renamed(key);
  if (name !== undefined) return `is not known; ${key} is called ${name} today`;
  const close = nearest(key, known);
  return close === undefined
    ? `is not known; known here: ${known.join(", ")}`
    : `is not known; did you mean ${close}?`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
};

/** What values a schema takes, in a few words. */
export function kindOf(type: Schema): string {
  if (type.enum !== undefined) return listed(type.enum);
  if (type.const !== undefined) return listed([type.const]);
  if (type.anyOf !== undefined) {
    return [...new Set(type.anyOf.map((alternative) => kindOf(resolved(alternative))))].join(" or ");
  }
  if (type.type === "object") return type.properties === undefined ? "a map of names" : "a map of keys";
  return [type.type ?? "anything"]
    .flat()
    .map((name) => KINDS[name] ?? name)
    .join(" or ");
}
/** The one of `known` that `word` was probably meant to be; `undefined` where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(lower, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
