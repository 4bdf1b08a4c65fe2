import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "../settings/index.ts";
import type { Path } from "./keys.ts";
import { type Misfit, misfitsOf } from "./misfits.ts";
import { resolved, schema, type Schema } from "./schema.ts";

/** A stack's settings, and what had to be left out of them. */
export interface Shaped {
  readonly settings: Settings;
  /** The same with its secrets as text, to be compared and never shown. */
  readonly plain: Settings;
  readonly misfits: readonly Misfit[];
}

/** What fits of the data of a stack, so that it can be checked further beside what does not fit. Secrets become secret outputs. */
export function shapedSettings(data: object): Shaped {
  const misfits = misfitsOf(data);
  const fitting = structuredClone(data);
  for (let wrong = misfits; wrong.length > 0; wrong = misfitsOf(fitting)) {
    for (const misfit of wrong) leaveOut(fitting, misfit);
  }
  return { settings: sealed(fitting, schema) as Settings, plain: fitting, misfits };
}

/** What stands in for an app's image that is missing, and for a middleware that is of no kind, so that all else is checked. */
const STAND_INS = { image: "unknown", middleware: { compress: {} } };

/** Leaves out a value that does not fit; for one that is missing the least that may be left out around it. */
function leaveOut(data: object, { path, value }: Misfit): void {
  const [section, , key] = path;
  const list = path.findIndex((part) => typeof part === "number");
  const whole = list < 0 ? path : path.slice(0, list);
  if (section === "apps" && key === "image" && value === undefined) place(data, path, STAND_INS.image);
  else if (section === "middlewares" && path.length > 2) place(data, path.slice(0, 2), STAND_INS.middleware);
  else if (value !== undefined || list >= 0) remove(data, whole);
  else remove(data, path.slice(0, -1));
}

type Keys = Record<string | number, unknown>;

const parentOf = (data: object, path: Path): Keys | undefined =>
  path
    .slice(0, -1)
    .reduce<Keys | undefined>((value, part) => value?.[part] as Keys | undefined, data as Keys);

function remove(data: object, path: Path): void {
  const parent = parentOf(data, path);
  if (parent !== undefined) Reflect.deleteProperty(parent, path.at(-1) ?? "");
}

function place(data: object, path: Path, value: unknown): void {
  const parent = parentOf(data, path);
  if (parent !== undefined) parent[path.at(-1) ?? ""] = value;
}

/** A value with its secrets as outputs that Pulumi keeps secret. */
function sealed(value: unknown, type: Schema): unknown {
  const { secret, properties, additionalProperties, items } = resolved(type);
  if (typeof value === "string") return secret === true ? pulumi.secret(value) : value;
  if (Array.isArray(value)) return value.map((entry) => sealed(entry, items ?? {}));
  if (typeof value !== "object" || value === null) return value;
  const named = typeof additionalProperties === "object" ? additionalProperties : {};
  const below = (key: string): Schema => properties?.[key] ?? { ...named, ...(secret && { secret }) };
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, sealed(entry, below(key))]));
}
