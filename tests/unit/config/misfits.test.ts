import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, it } from "vitest";

import { formats } from "../../../program/config/formats.ts";
import { type Path, valuesOf } from "../../../program/config/keys.ts";
import { misfitsOf } from "../../../program/config/misfits.ts";
import { schema } from "../../../program/config/schema.ts";
import { configurations } from "../../e2e/accepted/generate.ts";

const ajv = new Ajv({ strictTypes: false, code: { optimize: false } });
ajv.addVocabulary(["defaultText", "secret"]);
for (const [name, { test }] of Object.entries(formats)) ajv.addFormat(name, test);
const validate = ajv.compile(schema);

/** A value with another one at a path. */
function replaced(value: unknown, [key, ...below]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], below, other);
  return copy;
}

/** Configurations with one value in the place of another. */
const changed = configurations.chain((configuration) => {
  const paths = [...valuesOf(configuration)].map(([path]) => path);
  return fc
    .tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ unheard: "of" })))
    .map(([path, value]) => replaced(configuration, path, value));
});

it(
  "finds something in what Ajv refuses by the same schema, and in nothing else",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(fc.oneof(configurations, changed), (data) => {
        expect(misfitsOf(data).length === 0).toBe(validate(data));
      }),
      { numRuns: 1_000 },
    );
  },
);
