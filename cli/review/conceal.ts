import { isList, isMap, SECRET, type Value } from "../preview/values.ts";
import { type Field, pathText, type Segment } from "./fields.ts";

/** What stands in a secret's place. */
export const HIDDEN = "(hidden)";

/** Texts that are secrets wherever they stand: keys, and tokens that say by their form whose they are. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|$)/g,
  // The same in base64, as Secrets hold it.
  /\bLS0tLS1CRUdJTi[A-Za-z0-9+/]*(UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)[A-Za-z0-9+/=\s]*/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g,
  /\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{30,}|pul-[0-9a-f]{40}|hf_\w{30,})/g,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\b[sr]k_(live|test)_\w{16,}/g,
  /\bsk-[\w-]{20,}/g,
  /\bAIza[\w-]{35}/g,
  /\b(AGE-SECRET-KEY-1|SG\.[\w-]{16,}\.)[\w-]+/g,
  // What passwords are kept as in files of users.
  /\$(2[abxy]|apr1|argon2id?|[156y])\$[\w./+=$,-]{16,}/g,
];

/** A text in whose middle the secret stands, between what may be shown. */
const WITHIN: readonly RegExp[] = [
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)([^\s@/]+)(@)/gi,
  /(\b(?:bearer|basic) )([\w+/=.~-]{8,})()/gi,
  /("auth"\s*:\s*")([^"]+)(")/g,
  // A line of a settings file, or an argument: password = …, --api-token=…
  /(^[ \t"'-]*(?:[\w.-]*[_.-])?(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["']?[ \t]*[:=][ \t]*["']?)(?![$<{(]|\s|true\b|false\b|null\b|["'])([^\s"',;]+)()/gim,
];

/** Keys whose value is a secret by its name. */
const SECRET_KEY =
  /(^|[_.-]|[a-z](?=[A-Z]))(password|passwd|passphrase|secret[_-]?key|client[_-]?secret|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)$/i;

/** What says where a secret is, or something about it, and is none. */
const REFERENCE = /^(secret|token|credentials?)$/;

/** A text without the secrets in it. */
export function hideSecrets(text: string): string {
  const whole = SECRETS.reduce((rest, pattern) => rest.replace(pattern, HIDDEN), text);
  return WITHIN.reduce((rest, pattern) => rest.replace(pattern, `$1${HIDDEN}$3`), whole);
}

/** A field as it may be shown. */
export interface ShownField {
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  readonly replaces: boolean;
  /** Whether a secret in it changes, or may. */
  readonly secret: boolean;
}

export interface Concealed {
  readonly field: ShownField;
  /** Paths of secrets in it that the program did not mark as such. */
  readonly plain: readonly string[];
}

/** A field of an object of some kind, with every secret in it hidden. */
export function conceal({ path, before, after, replaces }: Field, kind: string): Concealed {
  const plain = new Set<string>();
  const hide = (value: Value | undefined): Value | undefined =>
    value === undefined ? undefined : hidden(value, path, kind, plain);
  const shown = { before: hide(before), after: hide(after) };
  const secret = hasHidden(shown.before) || hasHidden(shown.after);
  return { field: { path: pathText(path), ...shown, replaces, secret }, plain: [...plain] };
}

const hasHidden = (value: Value | undefined): boolean => {
  if (typeof value === "string") return value.includes(HIDDEN);
  if (isList(value)) return value.some(hasHidden);
  return isMap(value) ? Object.values(value).some(hasHidden) : value === SECRET;
};

/** A whole object with every secret in it hidden, and the paths of those that the program did not mark. */
export function concealed(
  value: Value,
  kind: string,
): { readonly value: Value; readonly plain: readonly string[] } {
  const plain = new Set<string>();
  return { value: hidden(value, [], kind, plain), plain: [...plain] };
}

function hidden(value: Value, path: readonly Segment[], kind: string, plain: Set<string>): Value {
  if (isList(value)) {
    return value.map((item, index) =>
      hidden(item, [...path, { item: nameOf(item) ?? String(index) }], kind, plain),
    );
  }
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, hidden(item, [...path, key], kind, plain)]),
    );
  }
  if (typeof value !== "string" || value === "") return value;
  // The SDK marks them; what it did not mark is hidden all the same.
  if (kind === "Secret" && (path[0] === "data" || path[0] === "stringData")) return SECRET;
  if (isNamedSecret(path, kind) && !/^(\d+|true|false)$/.test(value)) {
    plain.add(pathText(path));
    return SECRET;
  }
  const rest = hideSecrets(value);
  if (rest === value) return value;
  plain.add(pathText(path));
  return rest.trim() === HIDDEN ? SECRET : rest;
}

/** Whether a value's key, or the name of the environment variable that it belongs to, says that it is a secret. */
function isNamedSecret(path: readonly Segment[], kind: string): boolean {
  const last = path.at(-1);
  const variable = path.at(-2);
  if (last === "value" && typeof variable === "object") return SECRET_KEY.test(variable.item);
  if (typeof last !== "string" || !SECRET_KEY.test(last)) return false;
  return kind === "ConfigMap" || !REFERENCE.test(last);
}

const nameOf = (item: Value): string | undefined =>
  isMap(item) && typeof item["name"] === "string" ? item["name"] : undefined;
