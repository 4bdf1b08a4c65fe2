import { join } from "node:path";

import {
  type CompletedConfig,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  type MutableParser,
  type NodeParser,
  SchemaGenerator,
  StringType,
  type SubNodeParser,
} from "ts-json-schema-generator";
import ts from "typescript";

import type { Schema } from "../../program/config/schema.ts";
import { type Default, defaultsOf } from "./defaults.ts";

const root = join(import.meta.dirname, "../..");

const CONFIG: CompletedConfig = {
  ...DEFAULT_CONFIG,
  path: join(root, "program/settings/index.ts"),
  tsconfig: join(root, "tsconfig.json"),
  type: "Settings",
  // `npm run typecheck` has done it.
  skipTypeCheck: true,
  topRef: false,
  encodeRefs: false,
  sortProps: false,
  extraTags: ["additionalProperties", "secret"],
};

/** The JSON Schema of a stack's settings, made from the interfaces in program/settings. */
export function settingsSchema(): Schema {
  const program = createProgram(CONFIG);
  const parser = createParser(program, CONFIG, (types) => {
    types.addNodeParser(inputs(types as MutableParser & NodeParser)).addNodeParser(references);
  });
  const generator = new SchemaGenerator(program, parser, createFormatter(CONFIG), CONFIG);
  return finished(generator.createSchema(CONFIG.type) as Schema, defaultsOf(program));
}

const isReferenceTo = (node: ts.Node, names: readonly string[]): node is ts.TypeReferenceNode =>
  ts.isTypeReferenceNode(node) && names.includes(node.typeName.getText());

/** A `pulumi.Input<T>` in a stack file is a plain `T`. */
const inputs = (types: NodeParser): SubNodeParser => ({
  supportsNode: (node) => isReferenceTo(node, ["Input", "pulumi.Input"]),
  createType: (node, context) => {
    const [type] = (node as ts.TypeReferenceNode).typeArguments ?? [];
    return types.createType(type as ts.TypeNode, context);
  },
});

/** What may be a component in a program is in a stack file the name of an object. */
const references: SubNodeParser = {
  supportsNode: (node) => isReferenceTo(node, ["Ref"]),
  createType: () => new StringType(),
};

/** Gives every key below a schema its default as a value or in words, a plain description, and a text that is not empty. */
function finished(schema: Schema, defaults: ReadonlyMap<string, Default>): Schema {
  const inner = (below: Schema): Schema => finished(below, defaults);
  const { properties, definitions, items, anyOf, additionalProperties, description, ...rest } = schema;
  const keys = Object.entries(properties ?? {}).map(([name, type]) => {
    const { default: given, ...key } = inner(type);
    const known = given === undefined ? undefined : defaults.get(`${name}: ${JSON.stringify(given)}`);
    return [name, { ...filled(key), ...(known ?? (given !== undefined && { default: given })) }] as const;
  });
  return {
    ...rest,
    ...(description !== undefined && { description: plain(description) }),
    ...(properties && { properties: Object.fromEntries(keys) }),
    ...(items && { items: inner(items) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "boolean" ? additionalProperties : inner(additionalProperties),
    }),
    ...(definitions && {
      definitions: Object.fromEntries(
        Object.entries(definitions).map(([name, definition]) => [name, inner(definition)]),
      ),
    }),
  };
}

/** A text that is given must say something, alone, in a list or as a secret, unless its key says otherwise by `@minLength 0`. */
function filled({ minLength = 1, ...key }: Schema): Schema {
  if (minLength === 0) return key;
  const { anyOf, items, additionalProperties } = key;
  const isText = [key.type].flat().includes("string") && key.enum === undefined && key.const === undefined;
  return {
    ...key,
    ...(isText && { minLength }),
    ...(anyOf && { anyOf: anyOf.map(filled) }),
    ...(items && { items: filled(items) }),
    ...(key.secret &&
      typeof additionalProperties === "object" && { additionalProperties: filled(additionalProperties) }),
  };
}

/** A description without the marks of TSDoc. */
const plain = (text: string): string =>
  text
    .replace(/\{@link\s+([^}|\s]+)(?:\s*\|\s*([^}]*?))?\s*\}/g, (_, target: string, label?: string) =>
      label === undefined ? `\`${target}\`` : label,
    )
    .replace(/\s+/g, " ")
    .replace(/ ([.,:;)])/g, "$1");
