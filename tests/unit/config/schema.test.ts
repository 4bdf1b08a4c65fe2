import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { schema, type Schema } from "../../../program/config/schema.ts";
import { settingsFiles } from "../../../scripts/settings/index.ts";
import { root } from "../program/stack.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

it("is what the interfaces say, as is the reference", { timeout: 120_000 }, () => {
  // Made anew by `npm run docs`.
  for (const [path, content] of Object.entries(settingsFiles())) expect(read(path), path).toBe(content);
});

/** Every key of the settings with its type, but for those of Kubernetes' own types. */
function keysOf(type: Schema, path: string): [string, Schema][] {
  const { properties = {}, definitions = {}, items, anyOf = [], additionalProperties } = type;
  return [
    ...Object.entries(properties).flatMap(([key, inner]): [string, Schema][] => [
      [`${path}.${key}`, inner],
      ...keysOf(inner, `${path}.${key}`),
    ]),
    ...Object.entries(definitions)
      .filter(([name]) => !/^(core|meta)\.v1\./.test(name))
      .flatMap(([name, inner]) => keysOf(inner, name)),
    ...[items, ...anyOf, additionalProperties].flatMap((inner) =>
      typeof inner === "object" ? keysOf(inner, path) : [],
    ),
  ];
}

it("gives every key a meaning", () => {
  const described = ({ $ref, description }: Schema): boolean =>
    description !== undefined ||
    schema.definitions?.[$ref?.replace("#/definitions/", "") ?? ""]?.description !== undefined;
  const silent = keysOf(schema, "Settings").filter(
    ([path, type]) => !path.startsWith("NginxOptions.") && !described(type),
  );
  expect(silent.map(([path]) => path)).toEqual([]);
});

it("keeps the marks of comments out of its texts", () => {
  const texts = keysOf(schema, "Settings").map(([, { description = "" }]) => description);
  expect(texts.filter((text) => /[{]@|@default|\n/.test(text))).toEqual([]);
});

describe("in an editor", () => {
  // The formats are the program's own, which editors do not know.
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(read("program/schema/stack.json")) as object,
  );
  const errorsOf = (file: unknown): string[] => {
    validate(file);
    return (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`);
  };
  const stacks = readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));

  it.each(stacks)("accepts %s, whose first line names it", (file) => {
    expect(read(file).split("\n")[0]).toBe("# yaml-language-server: $schema=program/schema/stack.json");
    expect(errorsOf(parse(read(file)))).toEqual([]);
  });

  it("accepts encrypted texts, and keys of Pulumi's own", () => {
    const secure = { secure: "v1:abc:def" };
    const config = {
      "pulumi:tags": { team: "a" },
      "slipway:registryAuth": { username: "u", password: secure },
      "slipway:apps": { a: { image: "x:1", secretEnv: { TOKEN: secure }, env: { A: secure, B: 1 } } },
    };
    expect(errorsOf({ config, encryptionsalt: "v1:…" })).toEqual([]);
  });

  it("marks keys that there are none of", () => {
    expect(errorsOf({ config: { "slipway:aps": {} } })).toEqual([
      "/config must NOT have additional properties",
    ]);
    expect(errorsOf({ config: { "slipway:apps": { a: { image: "x:1", replica: 3 } } } })).toEqual([
      "/config/slipway:apps/a must NOT have additional properties",
    ]);
  });
});
