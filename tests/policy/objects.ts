import { readdirSync } from "node:fs";

import { LAB_CHART, noHelm, renderValues } from "../unit/traefik/charts.ts";
import { root, run } from "../unit/program/stack.ts";

/** Every committed stack file's stack. */
export const STACKS = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** A Kubernetes object that a stack makes, and which of its values are secret. */
export interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>> | null;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as many shapes as there are kinds
  readonly [field: string]: any;
}

/** What a stack makes. */
export interface StackObjects {
  /** The objects of the program itself. */
  readonly own: readonly Made[];
  /** Those of its chart, as Helm renders them with the program's values; none where there is no Helm. */
  readonly chart: readonly Made[];
  /** Paths of secret values, by kind and name. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}

const NOT_OBJECTS = ["kubernetes:helm.sh/v4:Chart", "kubernetes:yaml/v2:ConfigGroup"];

/** Runs the program for a stack, and renders its chart. */
export async function objectsOf(stack: string): Promise<StackObjects> {
  const { resources } = await run(stack);
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
  return { own, chart: chart as unknown as Made[], secrets: Object.fromEntries(secrets) };
}

export const idOf = ({ kind, metadata }: Made): string => `${kind} ${metadata.name}`;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly readinessProbe?: object;
}

/** A pod of a workload. */
export interface Pod {
  /** The workload: `Deployment api`. */
  readonly of: string;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly [field: string]: unknown;
  };
  readonly labels: Readonly<Record<string, string>>;
}

/** The pod templates among objects. */
export function podsOf(objects: readonly Made[]): readonly Pod[] {
  return objects.flatMap((object) => {
    const { template } = (object["spec"] ?? {}) as {
      template?: { spec: Pod["spec"]; metadata: { labels: Pod["labels"] } };
    };
    return template === undefined
      ? []
      : [{ of: idOf(object), spec: template.spec, labels: template.metadata.labels }];
  });
}

/** Every container of a pod, those that run before it included. */
export const containersOf = ({ spec }: Pod): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];
