import type { Schema } from "../../program/config/schema.ts";

/** The reference of a stack's configuration, in Markdown, made from its schema. */
export function configurationReference(schema: Schema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([name, type]) =>
    new Section(schema).text(name, type),
  );
  const listed = Object.entries(schema.definitions ?? {})
    .filter(([, type]) => isOpen(type))
    .map(([name, type]) => new Section(schema).list(name, type));
  return `${HEAD}\n${[...sections, ...listed].join("\n")}`;
}

/** Whether a type names its keys and lets further ones through, to be refused with a reason. */
const isOpen = ({ properties, additionalProperties }: Schema): boolean =>
  properties !== undefined && additionalProperties === true;

const HEAD = `<!-- Made by scripts/reference.ts from the interfaces in program/settings and components. -->

# Configuration

A stack is configured in \`Pulumi.<stack>.yaml\`, or by \`pulumi config set --path\`. Every key has the prefix \`slipway:\`. All of
them are checked together before anything is contacted; what is wrong is told in one line each.

\`\`\`yaml
# yaml-language-server: $schema=program/schema/stack.json
config:
  slipway:apps:
    api:
      image: fastapi
      host: apps
      path: /api
      stripPrefix: true
\`\`\`

The first line gives the keys, their meaning and their defaults to editors that have a language server for YAML.

What is marked _secret_ is set by \`pulumi config set --secret --path\`, as in
\`pulumi config set --secret --path 'slipway:middlewares.login.basicAuth.users.alice'\`, and never shown.

**Site file.** \`SLIPWAY_SITE\` may name a YAML or JSON file with the same keys, without the prefix: what holds for every stack of one
place, such as a registry or a mirror of the chart. It fills what a stack leaves out; the stack's own value wins, key by key. Its
schema is \`program/schema/settings.json\`.
`;

/** One key of the top level, and all below it. */
class Section {
  readonly #schema: Schema;
  /** The type of the map's entries, some of whose keys may come again further down. */
  #entry: Schema = {};

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  text(name: string, given: Schema): string {
    const type = this.#resolved(given);
    if (typeof type.additionalProperties === "object") this.#entry = type.additionalProperties;
    const rows = this.#rows("", type);
    const byDefault = defaultOf(type);
    const intro = `## ${name}\n\n${type.description ?? ""}${byDefault === "" ? "" : ` Default: ${escape(byDefault)}.`}\n`;
    if (rows.length === 0) return `${intro}\nType: ${this.#typeName(type)}\n`;
    return `${intro}\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  }

  /** Many keys that need no words of their own, by their types. */
  list(name: string, type: Schema): string {
    const keys = Object.entries(type.properties ?? {}).map(([key, of]) => ({
      key,
      kind: this.#typeName(of),
    }));
    const rows = [...new Set(keys.map(({ kind }) => kind))].map((kind) => {
      const names = keys.filter((one) => one.kind === kind).map(({ key }) => `\`${key}\``);
      return [kind, names.join(", ")].map(escape).join(" | ");
    });
    return `## ${name}\n\n${type.description ?? ""}\n\n| type | keys |\n| --- | --- |\n${rows.map((row) => `| ${row} |\n`).join("")}`;
  }

  /** A row for each key below a type, and the keys below those. */
  #rows(prefix: string, given: Schema): string[] {
    const type = this.#resolved(given);
    if (this.#elsewhere(given) !== undefined) return [];
    const below = Object.entries(type.properties ?? {}).flatMap(([key, inner]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      const needed = type.required?.includes(key) === true;
      const { description = "", ...rest } = this.#resolved(inner);
      const cells = [
        `\`${path}\``,
        this.#typeName(inner),
        needed ? "**required**" : defaultOf(rest),
        description,
      ];
      return [`| ${cells.map(escape).join(" | ")} |`, ...this.#rows(path, inner)];
    });
    const named =
      typeof type.additionalProperties === "object"
        ? this.#rows(prefix === "" ? "<name>" : `${prefix}.<name>`, type.additionalProperties)
        : [];
    const listed = type.items === undefined ? [] : this.#rows(`${prefix}[]`, type.items);
    const alternatives = (type.anyOf ?? []).flatMap((variant) => this.#rows(prefix, variant));
    return [...new Set([...below, ...named, ...listed, ...alternatives])];
  }

  /** What a type is called whose keys are explained elsewhere. */
  #elsewhere(type: Schema): string | undefined {
    if (type.$ref === undefined || type.$ref === this.#entry.$ref) return undefined;
    const name = type.$ref.replace("#/definitions/", "");
    if (/^\w+\.v\d/.test(name)) return `\`${name}\` of Kubernetes`;
    const { properties = {}, ...rest } = this.#resolved(type);
    if (isOpen({ properties, ...rest })) return `keys of [${name}](#${name.toLowerCase()})`;
    const keys = Object.keys(properties);
    const known = this.#resolved(this.#entry).properties ?? {};
    if (keys.length < 8 || !keys.every((key) => key in known)) return undefined;
    return `keys as above: ${keys.map((key) => `\`${key}\``).join(", ")}`;
  }

  /** A type in a few words. */
  #typeName(given: Schema): string {
    const elsewhere = this.#elsewhere(given);
    if (elsewhere !== undefined) return elsewhere;
    const type = this.#resolved(given);
    const secret = type.secret === true ? ", _secret_" : "";
    if (type.const !== undefined) return `\`${plain(type.const)}\``;
    if (type.enum !== undefined) return type.enum.map((value) => `\`${plain(value)}\``).join(" | ");
    if (type.anyOf !== undefined) {
      return [...new Set(type.anyOf.map((variant) => this.#typeName(variant)))].join(" | ");
    }
    switch (type.type) {
      case "array":
        return `list of ${this.#typeName(type.items ?? {})}`;
      case "object":
        return typeof type.additionalProperties === "object"
          ? `map of ${this.#typeName(type.additionalProperties)}${secret}`
          : "keys";
      case undefined:
        return "anything";
      default:
        return [type.type].flat().join(" | ") + secret;
    }
  }

  #resolved({ $ref, ...own }: Schema): Schema {
    if ($ref === undefined) return own;
    const definition = this.#schema.definitions?.[$ref.replace("#/definitions/", "")] ?? {};
    return { ...this.#resolved(definition), ...own };
  }
}

const defaultOf = ({ default: value, defaultText }: Schema): string =>
  defaultText ?? (value === undefined ? "" : `\`${plain(value)}\``);

/** A value as YAML has it. */
const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A cell of a table; `<name>` outside of code would be taken for HTML. */
const escape = (cell: string): string =>
  cell
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replaceAll("<", "\\<") : part))
    .join("`")
    .replaceAll("|", "\\|");
