import {
  dereference,
  format,
  type OutputUnit,
  type Schema as JsonSchema,
  validate,
} from "@cfworker/json-schema";

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

// This validator reads a schema as it stands: to compile it first, as others do, takes longer than all the rest of the configuration.
const definitions = dereference(schema as JsonSchema);
Object.assign(format, Object.fromEntries(Object.entries(formats).map(([name, { test }]) => [name, test])));

/** Keywords that only say that something below them does not fit. */
const AROUND = ["$ref", "properties", "items", "false"];

/** What a schema does not allow. */
interface Mismatch {
  readonly keyword: string;
  readonly path: Path;
  /** The schema that has the keyword. */
  readonly type: Schema;
}

/** Everything in a value that does not fit a schema. */
export function misfitsOf(value: unknown, type: Schema = schema): Misfit[] {
  const { errors } = validate(value, type as JsonSchema, "7", definitions, false);
  return withoutAlternatives(errors)
    .map(({ keyword, keywordLocation, instanceLocation }) => ({
      keyword,
      path: pathOf(instanceLocation, value),
      type: schemaAt(type, keywordLocation),
    }))
    .flatMap((mismatch) => misfitsAt(mismatch, value));
}

/** Errors, each place's once, and of unions only that nothing fits. */
function withoutAlternatives(errors: readonly OutputUnit[]): OutputUnit[] {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf");
  const places = new Map(
    errors
      .filter(({ keyword }) => !AROUND.includes(keyword))
      .filter(
        (error) => !unions.some((union) => error.keywordLocation.startsWith(`${union.keywordLocation}/`)),
      )
      .map((error) => [`${error.keywordLocation} ${error.instanceLocation}`, error]),
  );
  return [...places.values()];
}

/** The schema with the keyword that a location names. */
function schemaAt(type: Schema, location: string): Schema {
  const parts = partsOf(location).slice(0, -1);
  return parts.reduce<Schema>(
    (at, part) => (part === "$ref" ? resolved(at) : (at as Record<string, Schema>)[part]) as Schema,
    type,
  );
}

function misfitsAt({ keyword, path, type }: Mismatch, whole: unknown): Misfit[] {
  const value = valueAt(whole, path);
  const misfit = (allowed: string, otherKind = false): Misfit[] => [{ path, value, allowed, otherKind }];
  switch (keyword) {
    case "anyOf":
      return ofUnion(type, path, value);
    case "additionalProperties":
      return type.additionalProperties === false ? unknownKeys(type, path, value as object) : [];
    case "required":
      return missingKeys(type, path, value as object);
    case "enum":
      return misfit(choice(type.enum ?? [], value), true);
    case "const":
      return misfit(choice([type.const], value), true);
    case "type":
      // Of a value that is not one of several that goes without saying.
      return type.enum === undefined && type.const === undefined
        ? misfit(`must be ${kindOf(type)}`, true)
        : [];
    case "minLength":
      return misfit("must not be empty");
    case "format":
      return misfit(formats[type.format ?? ""]?.allowed as string);
    default:
      return misfit("is not allowed");
  }
}

function unknownKeys({ properties = {} }: Schema, path: Path, value: object): Misfit[] {
  return Object.entries(value)
    .filter(([key]) => !Object.hasOwn(properties, key))
    .map(([key, given]) => ({
      path: [...path, key],
      value: given as unknown,
      allowed: unknownKey(key, Object.keys(properties)),
      otherKind: false,
    }));
}

function missingKeys({ properties = {}, required = [] }: Schema, path: Path, value: object): Misfit[] {
  return required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => ({
      path: [...path, key],
      value: undefined,
      allowed: `is required: ${kindOf(resolved(properties[key] ?? {}))}`,
      otherKind: false,
    }));
}

/** What does not fit the alternative that was meant, or which alternatives there are. */
function ofUnion({ anyOf = [] }: Schema, at: Path, data: unknown): Misfit[] {
  const below = (misfits: readonly Misfit[]): Misfit[] =>
    misfits.map((misfit) => ({ ...misfit, path: [...at, ...misfit.path] }));
  const alternatives = anyOf.map(resolved);
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

/** The path that a JSON Pointer, as a fragment of a URI, is in a value. */
function pathOf(pointer: string, whole: unknown): Path {
  const parts = partsOf(pointer);
  return parts.map((part, index) =>
    Array.isArray(valueAt(whole, parts.slice(0, index))) ? Number(part) : part,
  );
}

const partsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
