import { expect, it } from "vitest";

import { middlewareSpec } from "../../../components/route/middlewares/index.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { readConfig } from "../../../program/config.ts";
import { resolved as typeOf, schema, type Schema } from "../../../program/config/schema.ts";
import { run, sourceOf } from "./stack.ts";

type Data = Record<string, unknown>;

/** A key whose comment says what stands for it when it is left out: its settings with and without that value. */
interface Case {
  readonly path: string;
  readonly without: unknown;
  readonly stated: unknown;
}

/** What is required beside a key, by the required key's name. */
const REQUIRED: Data = {
  image: "x:1",
  "apps.canary.image": "x:2",
  maxReplicas: 3,
  weight: 10,
  key: "k",
  name: "n",
  port: 8081,
  path: "/x",
  topologyKey: "zone",
  timeoutSeconds: 60,
  command: ["true"],
  addresses: ["192.0.2.1"],
  trustedIPs: ["10.0.0.0/8"],
  average: 10,
  amount: 10,
  attempts: 2,
  regex: "^/a",
  replacement: "/b",
  prefix: "/p",
  prefixes: ["/p"],
  status: ["500-599"],
  query: "/{status}",
  service: { name: "n", port: 80 },
  address: "https://auth.example/verify",
  sourceRange: ["10.0.0.0/8"],
  expression: "NetworkErrorRatio() > 0.30",
  middlewares: [],
  storage: "1Gi",
  schedule: "@daily",
  email: "ann@example.org",
};

/** What must stand beside a key for its value to be allowed, by the key's path. */
const BESIDE: readonly (readonly [RegExp, Data])[] = [
  [/^traefik\.service\.externalTrafficPolicy$/, { type: "NodePort" }],
  [/^middlewares\.(basic|digest)Auth\.\w+$/, { secretName: "s" }],
  [/^apps\.env\.\w+KeyRef\.\w+$/, { name: "n", key: "k" }],
  [/^(apps|traefik)\.tolerations\[\]\.\w+$/, { key: "k" }],
  [/^apps\.claims$/, { mounts: { "/x": { claim: "x" } } }],
  [/^apps\.mounts\.\w+$/, { configMap: "n" }],
  [/^apps\.probes\.\w+\.\w+$/, { httpGet: { path: "/x" } }],
];

/** Containers beside the app's take the same keys, and so do the claims of each pod; the stack's source of certificates does. */
const SAME = /^apps\.(initContainers|sidecars|workload\.claims|certificate)\b/;

/** Every key below a type that has a value as its default, in the least settings that hold it. */
function casesOf(given: Schema, path: string): Case[] {
  const type = typeOf(given);
  const required = Object.fromEntries(
    [...(type.required ?? [])].map((key) => [
      key,
      type.properties?.[key]?.const ?? REQUIRED[`${path}.${key}`] ?? REQUIRED[key],
    ]),
  );
  const besides = (key: string): Data => ({
    ...required,
    ...BESIDE.find(([place]) => place.test(`${path}.${key}`))?.[1],
  });
  const placed = (key: string, inner: Case): Case => ({
    path: inner.path,
    without: { ...besides(key), [key]: inner.without },
    stated: { ...besides(key), [key]: inner.stated },
  });
  return [
    ...Object.entries(type.properties ?? {}).flatMap(([key, inner]) => {
      const at = `${path}.${key}`;
      if (SAME.test(at)) return [];
      const beside = besides(key);
      const own: Case[] =
        inner.default === undefined
          ? []
          : [{ path: at, without: beside, stated: { ...beside, [key]: inner.default } }];
      return [...own, ...casesOf(inner, at).map((below) => placed(key, below))];
    }),
    ...(type.anyOf ?? []).flatMap((variant) => casesOf(variant, path)),
    ...(type.items === undefined ? [] : casesOf(type.items, `${path}[]`)).map(
      ({ path, without, stated }): Case => ({ path, without: [without], stated: [stated] }),
    ),
    ...(typeof type.additionalProperties === "object" ? casesOf(type.additionalProperties, path) : []).map(
      ({ path, without, stated }): Case => {
        const name = path.startsWith("apps.mounts") ? "/x" : "x";
        return { path, without: { [name]: without }, stated: { [name]: stated } };
      },
    ),
  ];
}

const entryOf = (key: "apps" | "middlewares"): Schema =>
  typeOf(schema.properties?.[key] ?? {}).additionalProperties as Schema;

/** Where a value says something else than another: what it has besides does not count, for that may be the default's own. */
function difference(value: unknown, other: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || typeof other !== "object" || other === null) {
    return Object.is(value, other) ? [] : [`${path}: ${JSON.stringify(value)} is ${JSON.stringify(other)}`];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    difference(inner, (other as Data)[key], `${path}.${key}`),
  );
}

it("changes nothing where a middleware states a default", () => {
  const cases = casesOf(entryOf("middlewares"), "middlewares");
  expect(cases.length).toBeGreaterThan(20);
  const spec = (definition: unknown) => middlewareSpec(definition as object, "s");
  const wrong = cases.flatMap(({ path, without, stated }) => difference(spec(without), spec(stated), path));
  expect(wrong).toEqual([]);
});

it("changes nothing where Traefik states a default", () => {
  const cases = casesOf(schema.properties?.traefik ?? {}, "traefik");
  expect(cases.length).toBeGreaterThan(20);
  const values = (traefik: unknown) => {
    const { traefik: args, stack } = readConfig(sourceOf({ traefik }));
    return traefikValues({ ...args, stack, namespace: "traefik" });
  };
  const wrong = cases.flatMap(({ path, without, stated }) =>
    difference(values(without), values(stated), path),
  );
  expect(wrong).toEqual([]);
});

it("changes no object where an app states a default", { timeout: 120_000 }, async () => {
  const cases = casesOf(entryOf("apps"), "apps");
  expect(cases.length).toBeGreaterThan(20);
  const apps = Object.fromEntries(
    cases.flatMap(({ without, stated }, index) => [
      [`without-${index}`, without],
      [`stated-${index}`, stated],
    ]),
  );
  const made = await run("dev", { tls: { enabled: false }, apps });
  const objects = new Map(
    made.resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]),
  );
  const wrong = [...objects].flatMap(([id, inputs]) => {
    const [, index] = /^\S+ without-(\d+)/.exec(id) ?? [];
    if (index === undefined) return [];
    const renamed = (text: string): string => text.replaceAll(`without-${index}`, `stated-${index}`);
    const other = objects.get(renamed(id)) ?? "{}";
    return difference(JSON.parse(renamed(inputs)), JSON.parse(other), cases[Number(index)]?.path);
  });
  expect(wrong).toEqual([]);
});

it.each([
  ["ECDSA", "keySize"],
  ["RSA", "curve"],
])("changes no certificate of %s where tls states its defaults", async (algorithm, other) => {
  const cases = casesOf(schema.properties?.tls ?? {}, "tls").filter(
    // A source that is another than the authority has a certificate of its own.
    ({ path }) => ![`tls.${other}`, "tls.algorithm", "tls.source.issuerKind"].includes(path),
  );
  expect(cases).toHaveLength(4);
  const objects = async (tls: object): Promise<unknown[]> => {
    const { resources } = await run("dev", { tls, apps: { a: { image: "x:1" } } });
    return resources.filter(({ type }) => type.startsWith("tls:")).map(({ inputs }) => inputs);
  };
  const given = algorithm === "ECDSA" ? {} : { algorithm };
  const stated = Object.assign({ algorithm }, ...cases.map((one) => one.stated)) as object;
  expect(await objects(stated)).toEqual(await objects(given));
});

it("changes no certificate of cert-manager where its source states a default", async () => {
  const objects = async (issuerKind: object): Promise<unknown[]> => {
    const tls = { source: { kind: "issuer", name: "n", ...issuerKind } };
    const { resources } = await run("dev", { tls, apps: { a: { image: "x:1" } } });
    return resources
      .filter(({ type }) => type.startsWith("kubernetes:cert-manager"))
      .map(({ inputs }) => inputs);
  };
  const [stated, without] = [await objects({ issuerKind: "ClusterIssuer" }), await objects({})];
  expect(stated).not.toEqual([]);
  expect(stated).toEqual(without);
});
