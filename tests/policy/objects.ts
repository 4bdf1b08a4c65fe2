import { readdirSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";

import type * as transforms from "../../components/base/transform.ts";
import { podOf } from "../../policy/objects.ts";
import type { Pod } from "../../policy/pod-security/index.ts";
import { LAB_CHART, noHelm, renderValues } from "../unit/traefik/charts.ts";
import { root, run, stackValues } from "../unit/program/stack.ts";
import { describeRef, type KubernetesObject } from "../../kubernetes/object.ts";

/** Every committed stack file's stack. */
export const STACKS = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** A Kubernetes object that a stack makes. */
export type Made = KubernetesObject;

/** What a stack makes. */
export interface StackObjects {
  /** The objects of the program itself. */
  readonly own: readonly Made[];
  /** Those of its chart, as Helm renders them with the program's values; none where there is no Helm. */
  readonly chart: readonly Made[];
  /** Paths of secret values as the engine gets them, by {@link idOf}. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** Keys of each Secret that the program itself did not mark, by {@link idOf}. The SDK would mark them all. */
  readonly unmarked: Readonly<Record<string, readonly string[]>>;
}

/** The password of everything that has one. */
export const PASSWORD = "swordfish";

/** What makes a stack have every kind of Secret: with the passwords of a registry, of visitors and of an app. */
function withPasswords(stack: string): Record<string, unknown> {
  const values = stackValues(stack);
  const given = (key: string): object => JSON.parse(values[`slipway:${key}`] ?? "{}") as object;
  const app = { image: "nginx", middlewares: ["login"], secretEnv: { TOKEN: PASSWORD } };
  return {
    registryAuth: { server: "registry.example", username: "anna", password: PASSWORD },
    middlewares: { ...given("middlewares"), login: { basicAuth: { users: { anna: PASSWORD } } } },
    apps: { ...given("apps"), guarded: app },
  };
}

const NOT_OBJECTS = ["kubernetes:helm.sh/v4:Chart", "kubernetes:yaml/v2:ConfigGroup"];

/** Runs the program for a stack, and renders its chart. */
export async function objectsOf(stack: string): Promise<StackObjects> {
  const unmarked: Record<string, readonly string[]> = {};
  const marking: Promise<void>[] = [];
  // Where every component hands over what it has made, before the SDK has a say.
  vi.doMock("../../components/base/transform.ts", async (original) => {
    const module = await original<typeof transforms>();
    const transformed: typeof module.transformed = (...args) => {
      const result = module.transformed(...args);
      if (isSecretArgs(result[0])) marking.push(recordUnmarked(result[0], unmarked));
      return result;
    };
    return { ...module, transformed };
  });
  const { resources } = await run(stack, withPasswords(stack));
  vi.doUnmock("../../components/base/transform.ts");
  await Promise.all(marking);
  const objects = resources.filter(
    ({ type }) => type.startsWith("kubernetes:") && !NOT_OBJECTS.includes(type),
  );
  const own = objects.map(({ inputs }) => inputs as unknown as Made);
  const secrets = objects.map(
    ({ inputs, secrets: paths }) => [idOf(inputs as unknown as Made), paths] as const,
  );
  const charts = resources.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
  const chart =
    noHelm === undefined
      ? charts.flatMap(({ inputs }) =>
          renderValues(LAB_CHART, inputs["namespace"] as string, inputs["values"] as object),
        )
      : [];
  return { own, chart: chart as unknown as Made[], secrets: Object.fromEntries(secrets), unmarked };
}

export const idOf = ({ kind, metadata }: Pick<Made, "kind" | "metadata">): string =>
  describeRef({ kind, ...metadata });

interface SecretArgs {
  readonly metadata: pulumi.Input<Made["metadata"]>;
  readonly type: pulumi.Input<string>;
  readonly data: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** A Secret has a type, as a ConfigMap has not. */
const isSecretArgs = (args: unknown): args is SecretArgs =>
  typeof args === "object" && args !== null && "data" in args && "type" in args;

const isMarked = (value: unknown): Promise<boolean> =>
  pulumi.Output.isInstance(value) ? pulumi.isSecret(value) : Promise.resolve(false);

async function recordUnmarked(
  { metadata, data }: SecretArgs,
  unmarked: Record<string, readonly string[]>,
): Promise<void> {
  const id = await new Promise<string>((resolve) => {
    pulumi.output(metadata).apply((known) => {
      resolve(idOf({ kind: "Secret", metadata: known }));
    });
  });
  const values = (await isMarked(data)) ? [] : Object.entries(data);
  const marks = await Promise.all(values.map(async ([key, value]) => [key, await isMarked(value)] as const));
  unmarked[id] = marks.filter(([, marked]) => !marked).map(([key]) => key);
}

/** The pods that objects are or make. */
export const podsOf = (objects: readonly Made[]): readonly Pod[] =>
  objects.flatMap((object) => podOf(object) ?? []);
