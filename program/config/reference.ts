import { z } from "zod";

import { schema } from "./schema.ts";

/** What zod says of a type as JSON Schema, with the marks of `key` and `secret`. */
interface Type {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly byDefault?: string;
  readonly secret?: boolean;
  /** Keys that are explained elsewhere. */
  readonly as?: string;
  readonly enum?: readonly unknown[];
  readonly const?: string | number | boolean;
  readonly properties?: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Type | boolean;
  readonly items?: Type;
  readonly anyOf?: readonly Type[];
  readonly oneOf?: readonly Type[];
}

/** The reference of a stack's configuration, in Markdown, made from its schema. */
export function configurationReference(): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" }) as Type;
  const sections = Object.entries(properties).map(([name, type]) => section(name, type));
  return `${HEAD}\n${sections.join("\n")}`;
}

const HEAD = `<!-- Made by scripts/reference.ts from program/config/schema.ts. -->

# Configuration

A stack is configured in \`Pulumi.<stack>.yaml\`, or by \`pulumi config set --path\`. Every key has the prefix \`slipway:\`. All of
them are checked together before anything is contacted; what is wrong is told in one line each.

\`\`\`yaml
config:
  slipway:apps:
    api:
      image: fastapi
      host: apps
      path: /api
      stripPrefix: true
\`\`\`

What is marked _secret_ is set by \`pulumi config set --secret --path\`, as in
\`pulumi config set --secret --path 'slipway:middlewares.login.basicAuth.users.alice'\`, and never shown.

**Site file.** \`SLIPWAY_SITE\` may name a YAML or JSON file with the same keys, without the prefix: what holds for every stack of one
place, such as a registry or a mirror of the chart. It fills what a stack leaves out; the stack's own value wins, key by key.
`;

function section(name: string, type: Type): string {
  const rows = rowsOf("", type);
  const intro = `## ${name}\n\n${type.description ?? ""}${type.byDefault === undefined ? "" : ` Default: ${escape(type.byDefault)}.`}\n`;
  if (rows.length === 0) return `${intro}\nType: ${typeName(type)}\n`;
  return `${intro}\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

/** A row for each key below a type, and the keys below those. */
function rowsOf(prefix: string, type: Type): string[] {
  if (type.as !== undefined) return [];
  const below = Object.entries(type.properties ?? {}).flatMap(([key, inner]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const needed = type.required?.includes(key) === true;
    const byDefault = needed ? "**required**" : (inner.byDefault ?? "");
    const cells = [`\`${path}\``, typeName(inner), byDefault, inner.description ?? ""];
    return [`| ${cells.map(escape).join(" | ")} |`, ...rowsOf(path, inner)];
  });
  const named =
    typeof type.additionalProperties === "object"
      ? rowsOf(under(prefix, "<name>"), type.additionalProperties)
      : [];
  const listed = type.items === undefined ? [] : rowsOf(`${prefix}[]`, type.items);
  const alternatives = variants(type).flatMap((variant) => rowsOf(prefix, variant));
  return [...new Set([...below, ...named, ...listed, ...alternatives])];
}

const under = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);
const variants = ({ anyOf = [], oneOf = [] }: Type): readonly Type[] => [...anyOf, ...oneOf];
/** A cell of a table; `<name>` outside of code would be taken for HTML. */
const escape = (cell: string): string =>
  cell
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replaceAll("<", "\\<") : part))
    .join("`")
    .replaceAll("|", "\\|");

/** A type in a few words. */
function typeName(type: Type): string {
  if (type.secret === true) return "string, _secret_";
  if (type.as !== undefined) return type.as;
  if (type.const !== undefined) return `\`${String(type.const)}\``;
  if (type.enum !== undefined) return type.enum.map((value) => `\`${String(value)}\``).join(" | ");
  const several = variants(type);
  if (several.length > 0) return [...new Set(several.map(typeName))].join(" | ");
  switch (type.type) {
    case "array":
      return `list of ${type.items === undefined ? "anything" : typeName(type.items)}`;
    case "object":
      return typeof type.additionalProperties === "object"
        ? `map of ${typeName(type.additionalProperties)}`
        : "keys";
    case undefined:
      return "anything";
    default:
      return [type.type].flat().join(" | ");
  }
}
