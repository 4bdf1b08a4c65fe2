import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";

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

/** What is wrong with the values of a configuration by the schema in a file. */
function errors(file: string, config: TraefikConfig): unknown {
  const schema = JSON.parse(readFileSync(file, "utf8")) as { readonly $schema: string };
  const ajv = schema.$schema.includes("2020-12")
    ? new Ajv2020({ strict: false })
    : new Ajv({ allowUnionTypes: true });
  ajv.validate(schema, withoutNulls(traefikValues(config)));
  return ajv.errors;
}

describe.each([
  ["the lab's chart", LAB_CHART],
  ["the official chart", OFFICIAL_CHART],
])("schema of %s", (_name, chart) => {
  test.each(Object.entries(shapes))("accepts the values of %s", (_shape, config) => {
    expect(errors(join(chart, "values.schema.json"), config)).toBeNull();
  });
});
