import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, test } from "vitest";

import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { LAB_CHART, OFFICIAL_CHART } from "./charts.ts";
import { shapes } from "./shapes.ts";

/** Helm takes what is null away before it looks at the schema. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

const official =
  process.env["SLIPWAY_TRAEFIK_SCHEMA"] ?? (OFFICIAL_CHART && join(OFFICIAL_CHART, "values.schema.json"));
const noSchema =
  official === undefined
    ? "SLIPWAY_TRAEFIK_SCHEMA names no values.schema.json of the official chart 41.3.0"
    : existsSync(official)
      ? undefined
      : `${official} does not exist`;

/** What is wrong with the values of a configuration by the schema in a file. */
function errors(file: string, config: TraefikConfig): unknown {
  const schema = JSON.parse(readFileSync(file, "utf8")) as { readonly $schema: string };
  const ajv = schema.$schema.includes("2020-12")
    ? new Ajv2020({ strict: false })
    : new Ajv({ allowUnionTypes: true });
  ajv.validate(schema, withoutNulls(traefikValues(config)));
  return ajv.errors;
}

describe("schema of the lab's chart", () => {
  test.each(Object.entries(shapes))("accepts the values of %s", (_shape, config) => {
    expect(errors(join(LAB_CHART, "values.schema.json"), config)).toBeNull();
  });
});

describe("schema of the official chart", () => {
  beforeEach(({ skip }) => {
    skip(noSchema !== undefined, noSchema);
  });

  test.each(Object.entries(shapes))("accepts the values of %s", (_shape, config) => {
    expect(errors(official ?? "", config)).toBeNull();
  });
});
