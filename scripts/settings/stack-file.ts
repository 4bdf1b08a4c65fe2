import type { Schema } from "../../program/config/schema.ts";

/** Name of the project, which every key of a stack file has as its prefix. */
const PROJECT = "slipway";

/** A value as `pulumi config set --secret` writes it. */
const SECURE = "Secure";

/** The JSON Schema of a `Pulumi.<stack>.yaml`, for editors: the settings as Pulumi's own file has them. */
export function stackFileSchema({ properties = {}, definitions = {}, ...settings }: Schema): object {
  const keys = Object.entries(properties).map(([key, type]) => [`${PROJECT}:${key}`, inFile(type)] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    description: "A stack of slipway.",
    properties: {
      config: {
        type: "object",
        description: settings.description,
        properties: Object.fromEntries(keys),
        // Keys of Pulumi's own and of other programs.
        patternProperties: { [`^(?!${PROJECT}:)`]: {} },
        additionalProperties: false,
      },
    },
    definitions: {
      ...Object.fromEntries(Object.entries(definitions).map(([name, type]) => [name, inFile(type)])),
      [SECURE]: {
        type: "object",
        description: "An encrypted value, set by `pulumi config set --secret --path`.",
        properties: { secure: { type: "string" } },
        required: ["secure"],
        additionalProperties: false,
      },
    },
  };
}

/** A type as an editor is to show it: with its default in words, and any text encrypted. */
function inFile(type: Schema): object {
  const { defaultText, properties, items, anyOf, additionalProperties, description, ...rest } = type;
  const words = defaultText ?? (rest.default === undefined ? undefined : JSON.stringify(rest.default));
  const about = {
    ...(description !== undefined && {
      description: words === undefined ? description : `${description} Default: ${words}`,
    }),
  };
  const isText = [rest.type].flat().includes("string") && rest.enum === undefined && rest.const === undefined;
  if (isText) {
    const { default: byDefault, ...text } = rest;
    return {
      ...about,
      ...(byDefault !== undefined && { default: byDefault }),
      anyOf: [text, { $ref: `#/definitions/${SECURE}` }],
    };
  }
  return {
    ...rest,
    ...about,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, inFile(inner)])),
    }),
    ...(items && { items: inFile(items) }),
    ...(anyOf && { anyOf: anyOf.map(inFile) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "boolean" ? additionalProperties : inFile(additionalProperties),
    }),
  };
}
