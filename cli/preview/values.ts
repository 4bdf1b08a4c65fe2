/** What stands for a value that a preview does not tell. */
export class Untold {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A property's value that Pulumi keeps secret. */
export const SECRET = new Untold("secret");

/** A property's value that is known only after `up`. */
export const UNKNOWN = new Untold("unknown");

/** A property's value, as far as a preview tells it. */
export type Value =
  string | number | boolean | null | Untold | readonly Value[] | { readonly [key: string]: Value };

export type ValueMap = Readonly<Record<string, Value>>;

/**
 * What stands for values that are not known yet, one for each type.
 * Source: `sdk/go/common/resource/plugin/rpc.go` of pulumi/pulumi.
 */
const UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Any of them within a longer text, which a program may have made of it. */
const UNKNOWN_WITHIN = new RegExp([...UNKNOWNS].join("|"));

/** Key that tells an object of Pulumi's own from one of the user's, and the signatures that it may have. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What the digest, `pulumi preview --json`, has in a secret's place. */
const SECRET_TEXT = "[secret]";

export const isMap = (value: unknown): value is ValueMap =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Untold);

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);

/** A value as the engine wrote it, with its markers as {@link SECRET} and {@link UNKNOWN}. */
export function decodeValue(raw: unknown): Value {
  if (typeof raw === "string") {
    if (raw === SECRET_TEXT) return SECRET;
    return UNKNOWN_WITHIN.test(raw) ? UNKNOWN : raw;
  }
  if (Array.isArray(raw)) return raw.map(decodeValue);
  if (typeof raw !== "object" || raw === null) return (raw ?? null) as Value;
  const { [SIGNATURE]: signature, ...rest } = raw as Record<string, unknown>;
  if (signature === SECRET_SIGNATURE) return SECRET;
  if (signature === OUTPUT_SIGNATURE) {
    const output = rest as { value?: unknown; secret?: boolean };
    if (output.secret === true) return SECRET;
    return output.value === undefined ? UNKNOWN : decodeValue(output.value);
  }
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, decodeValue(value)]));
}

/** Whether two values are the same, as far as that can be told: two secrets may differ. */
export function isEqual(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return left !== UNKNOWN;
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((value, index) => isEqual(value, right[index]));
  if (!isMap(left) || !isMap(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => key in left && key in right && isEqual(left[key], right[key]));
}

/** The value at a path of keys; `undefined` where there is none. What is within a secret is secret. */
export function valueAt(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  let found: Value | undefined = value;
  for (const key of path) {
    if (found instanceof Untold) return found;
    if (isList(found)) found = found[Number(key)];
    else if (isMap(found)) found = found[key];
    else return undefined;
  }
  return found;
}

/** The map at a path; empty where there is none. */
export function mapAt(value: Value | undefined, ...path: readonly (string | number)[]): ValueMap {
  const found = valueAt(value, ...path);
  return isMap(found) ? found : {};
}

/** The list at a path; empty where there is none. */
export function listAt(value: Value | undefined, ...path: readonly (string | number)[]): readonly Value[] {
  const found = valueAt(value, ...path);
  return isList(found) ? found : [];
}

/** The text at a path; `undefined` for anything else, secrets too. */
export function textAt(value: Value | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** What stands at a path, in a sentence; `?` for what is more than a word, or not known. */
export function wordAt(value: Value | undefined, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, ...path);
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean"
    ? String(found)
    : "?";
}

/** The texts of the list at a path. */
export const textsAt = (value: Value | undefined, ...path: readonly (string | number)[]): readonly string[] =>
  listAt(value, ...path).filter((item) => typeof item === "string");

/** Whether anything in a value is not known before `up`. */
export const hasUnknown = (value: Value | undefined): boolean => contains(value, UNKNOWN);

/** Whether anything in a value is secret. */
export const hasSecret = (value: Value | undefined): boolean => contains(value, SECRET);

function contains(value: Value | undefined, marker: Untold): boolean {
  if (isList(value)) return value.some((item) => contains(item, marker));
  return isMap(value) ? Object.values(value).some((item) => contains(item, marker)) : value === marker;
}
