import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

import { formats } from "./formats.ts";
import { type Path, valueAt } from "./keys.ts";
import { resolved, schema, type Schema } from "./schema.ts";
import { choice, kindOf, unknownKey } from "./words.ts";

/** A value that the schema of the settings does not allow where it is, or that it misses. */
export interface Misfit {
  readonly path: Path;
  /** `undefined` where something is missing. */
  readonly value: unknown;
  /** What is allowed, as a phrase. */
  readonly allowed: string;
  /** Whether the value is of another kind altogether, text in place of a number. */
  readonly otherKind: boolean;
}

// The schema is read once a run, which the optimization of the code for it would make slower.
const ajv = new Ajv({ allErrors: true, verbose: true, strictTypes: false, code: { optimize: false } });
ajv.addVocabulary(["defaultText", "secret"]);
for (const [name, { test }] of Object.entries(formats)) ajv.addFormat(name, test);

/** Validators by schema; that of a part knows the definitions of the whole. */
const validators = new WeakMap<Schema, ValidateFunction>();

function validatorOf(type: Schema): ValidateFunction {
  const known = validators.get(type);
  if (known !== undefined) return known;
  const made = ajv.compile(type === schema ? type : { ...type, definitions: schema.definitions });
  validators.set(type, made);
  return made;
}

/** Everything in a value that does not fit a schema. */
export function misfitsOf(value: unknown, type: Schema = schema): Misfit[] {
  const validate = validatorOf(type);
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  // Before the error of a union ajv lists those of its alternatives; only the ones of the alternative that was meant count.
  const ofAlternatives = (error: ErrorObject, index: number): boolean =>
    errors.some(
      ({ keyword, instancePath }, other) =>
        keyword === "anyOf" &&
        (error.instancePath.startsWith(`${instancePath}/`) ||
          (error.instancePath === instancePath && index < other)),
    );
  return errors
    .filter((error, index) => !ofAlternatives(error, index) && !isRepeated(error))
    .flatMap((error) => (error.keyword === "anyOf" ? ofUnion(error, value) : ofError(error, value)));
}

/** The type of a value that is not one of several goes without saying. */
const isRepeated = ({ keyword, parentSchema = {} }: ErrorObject): boolean =>
  keyword === "type" && ("enum" in parentSchema || "const" in parentSchema);

function ofError(error: ErrorObject, whole: unknown): Misfit[] {
  const at = pathOf(error.instancePath, whole);
  const type = error.parentSchema as Schema;
  const misfit = (path: Path, allowed: string, otherKind = false): Misfit[] => [
    { path, value: valueAt(whole, path), allowed, otherKind },
  ];
  switch (error.keyword) {
    case "additionalProperties": {
      const key = error.params.additionalProperty as string;
      return misfit([...at, key], unknownKey(key, Object.keys(type.properties ?? {})));
    }
    case "required": {
      const key = error.params.missingProperty as string;
      return misfit([...at, key], `is required: ${kindOf(resolved(type.properties?.[key] ?? {}))}`);
    }
    case "enum":
      return misfit(at, choice(type.enum ?? [], error.data), true);
    case "const":
      return misfit(at, choice([type.const], error.data), true);
    case "type":
      return misfit(at, `must be ${kindOf(type)}`, true);
    case "minLength":
      return misfit(at, "must not be empty");
    case "format":
      return misfit(at, formats[type.format ?? ""]?.allowed as string);
    default:
      return misfit(at, error.message ?? "is not allowed");
  }
}

/** What does not fit the alternative that was meant, or which alternatives there are. */
function ofUnion({ instancePath, data, parentSchema }: ErrorObject, whole: unknown): Misfit[] {
  const at = pathOf(instancePath, whole);
  const below = (misfits: readonly Misfit[]): Misfit[] =>
    misfits.map((misfit) => ({ ...misfit, path: [...at, ...misfit.path] }));
  const alternatives = ((parentSchema as Schema).anyOf ?? []).map(resolved);
  const tagged = ofTag(alternatives, data);
  if (tagged !== undefined) return below(tagged);
  const tried = alternatives.map((alternative) => misfitsOf(data, alternative));
  const [closest] = tried
    .filter((misfits) => !misfits.some(({ path, otherKind }) => path.length === 0 && otherKind))
    .toSorted((a, b) => a.length - b.length);
  if (closest !== undefined) return below(closest);
  const kinds = tried.flat().filter(({ path, otherKind }) => path.length === 0 && otherKind);
  const words = new Set(kinds.map(({ allowed }) => allowed.replace(/^must be /, "")));
  return [{ path: at, value: data, allowed: `must be ${[...words].join(" or ")}`, otherKind: true }];
}

/** Where all alternatives are told apart by one key, `kind`, that key says which one was meant. */
function ofTag(alternatives: readonly Schema[], data: unknown): Misfit[] | undefined {
  const tag = Object.entries(alternatives[0]?.properties ?? {}).find(
    ([, { const: value }]) => value !== undefined,
  );
  if (tag === undefined || typeof data !== "object" || data === null || !(tag[0] in data)) return undefined;
  const [key] = tag;
  const given = (data as Record<string, unknown>)[key];
  const tags = alternatives.map(({ properties = {} }) => properties[key]?.const);
  if (tags.includes(undefined)) return undefined;
  const meant = alternatives[tags.indexOf(given)];
  return meant === undefined
    ? [{ path: [key], value: given, allowed: choice(tags, given), otherKind: true }]
    : misfitsOf(data, meant);
}

/** The path that a JSON Pointer is. */
function pathOf(pointer: string, whole: unknown): Path {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return parts.map((part, index) =>
    Array.isArray(valueAt(whole, parts.slice(0, index))) ? Number(part) : part,
  );
}
