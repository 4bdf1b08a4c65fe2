import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A JSON Schema, as far as the settings' own uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly minLength?: number;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** What stands for a key that is left out, where that is no value. */
  readonly defaultText?: string;
  /** Whether its texts are never shown. */
  readonly secret?: boolean;
}

/** The schema of a stack's settings, made from program/settings by `npm run docs`. */
export const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../schema/settings.json"), "utf8"),
) as Schema;

/** A schema with what it refers to in its place. */
export function resolved(type: Schema): Schema {
  if (type.$ref === undefined) return type;
  const { $ref, ...own } = type;
  const definition = schema.definitions?.[$ref.replace("#/definitions/", "")];
  if (definition === undefined) throw new Error(`the schema does not define ${$ref}`);
  return { ...resolved(definition), ...own };
}
