import fc from "fast-check";
import { parse } from "yaml";

import { merge } from "../../../components/base/values.ts";
import { resolved, schema, type Schema } from "../../../program/config/schema.ts";
import { corpus, SECTIONS } from "../../unit/config/corpus.ts";
import { namesFor, numbersFor, ODD_NUMBERS, ODD_TEXTS, textsFor, type Texts } from "./values.ts";

/** A stack's configuration by its keys, without the project's prefix. */
export type Configuration = Record<string, unknown>;

/** How often in a hundred something is odd rather than usual. */
const ODD = 4;

/** Keys that an object is given beside those that it must have. */
const MOST_KEYS = 4;

/** Keys that the tests' own cluster and Traefik decide, or that are read from the machine. */
const LEFT_OUT = new Set([
  "cluster",
  "platform",
  "traefik.chart",
  "traefik.crdFiles",
  "traefik.values",
  "traefik.crds",
]);

const texts = ({ usual, odd }: Texts): fc.Arbitrary<string> =>
  odd === undefined
    ? fc.constantFrom(...usual)
    : fc.oneof(
        { weight: 100 - ODD, arbitrary: fc.constantFrom(...usual) },
        { weight: ODD, arbitrary: fc.constantFrom(...odd, ...ODD_TEXTS) },
      );

const numbers = (usual: readonly number[]): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 100 - ODD, arbitrary: fc.constantFrom(...usual) },
    { weight: ODD, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  );

/** Values of a type at a path of the configuration, such as `apps.*.hosts[]`. */
function valuesOf(type: Schema, path: string): fc.Arbitrary<unknown> {
  const { anyOf, enum: choices, const: only, ...rest } = resolved(type);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => valuesOf(one, path)));
  if (only !== undefined) return fc.constant(only);
  if (choices !== undefined) return fc.constantFrom(...choices);
  const [kind] = [rest.type].flat();
  switch (kind) {
    case "string":
      return texts(textsFor(path));
    case "number":
    case "integer":
      return numbers(numbersFor(path));
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valuesOf(rest.items ?? {}, `${path}[]`), { minLength: 1, maxLength: 2 });
    case "object":
      return objectsOf(rest, path);
    default:
      return fc.constant("a");
  }
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: Schema,
  path: string,
): fc.Arbitrary<Configuration> {
  const known = Object.keys(properties).filter((key) => !LEFT_OUT.has(below(path, key)));
  if (known.length > 0) {
    const others = known.filter((key) => !required.includes(key));
    const [minLength, maxLength] =
      path === "middlewares.*" ? [1, 1] : [0, Math.min(MOST_KEYS, others.length)];
    return fc
      .subarray(others, { minLength, maxLength })
      .chain((keys) =>
        fc.record(
          Object.fromEntries(
            [...required, ...keys].map((key) => [key, valuesOf(properties[key] ?? {}, below(path, key))]),
          ),
        ),
      );
  }
  const entry = typeof additionalProperties === "object" ? additionalProperties : {};
  return fc.dictionary(texts(namesFor(path)), valuesOf(entry, below(path, "*")), {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  });
}

const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** How often in a hundred a configuration has a key of the top level. */
const SHARES: Readonly<Record<string, number>> = { apps: 100, middlewares: 50, traefik: 25, tls: 15 };

/** What people write: mostly valid, and now and then with something odd in it. */
const written: fc.Arbitrary<Configuration> = fc
  .record(
    Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([key]) => !LEFT_OUT.has(key))
        .map(([key, type]) => {
          const share = SHARES[key] ?? 8;
          const some = { weight: share, arbitrary: valuesOf(type, key) };
          return [key, fc.oneof(some, { weight: 100 - share, arbitrary: fc.constant(undefined) })];
        }),
    ),
  )
  .chain((given) => {
    const configuration = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const names = Object.keys(configuration["middlewares"] ?? {});
    return fc
      .subarray(names, { minLength: Math.min(1, names.length) })
      .map((used) => linked(configuration, used));
  });

/** The apps go through the middlewares that there are. */
function linked(configuration: Configuration, used: readonly string[]): Configuration {
  if (used.length === 0) return configuration;
  const apps = Object.entries((configuration["apps"] ?? {}) as Record<string, object>).map(
    ([name, app]) => [name, { ...app, middlewares: used }] as const,
  );
  return { ...configuration, apps: Object.fromEntries(apps) };
}

/** A known mistake, or what is left of it without one of its keys. */
const mistakes: fc.Arbitrary<Configuration> = fc
  // Without those that name a Secret, which nobody makes here.
  .tuple(fc.constantFrom(...corpus().filter(({ text }) => !text.includes("ecretName"))), fc.nat({ max: 5 }))
  .map(([{ section, text }, dropped]) => {
    const wrong = SECTIONS[section]?.wrap(parse(text) as Configuration) ?? {};
    const path = leavesOf(wrong)[dropped];
    return path === undefined ? wrong : without(wrong, path);
  });

/** The paths of all that holds nothing more. */
const leavesOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [path];

function without(value: unknown, [key = "", ...rest]: readonly string[]): Configuration {
  const { [key]: inner, ...others } = value as Configuration;
  return rest.length === 0 || Array.isArray(inner) ? others : { ...others, [key]: without(inner, rest) };
}

/** A configuration of a stack, one in six with a known mistake in it or nearly so. */
export const configurations: fc.Arbitrary<Configuration> = fc.oneof(
  { weight: 5, arbitrary: written },
  { weight: 1, arbitrary: fc.tuple(written, mistakes).map(([given, wrong]) => merge(given, wrong)) },
);
