import { stringify } from "yaml";

import { isKubernetes, objectOf, type StackObject } from "../objects/object.ts";
import type { Preview } from "../preview/preview.ts";
import { isList, isMap, SECRET, Untold, type Value } from "../preview/values.ts";
import { describeRef, groupOf } from "../../kubernetes/object.ts";

/** Kinds that others need, in the order they are needed; all others follow, and what leads to them comes last. */
const FIRST = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "IngressClass",
  "GatewayClass",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Service",
];
const LAST = [
  "Middleware",
  "MiddlewareTCP",
  "TLSOption",
  "TraefikService",
  "Gateway",
  "Ingress",
  "HTTPRoute",
  "IngressRoute",
];

/** An object as a file. */
export interface Manifest {
  /**
   * `0010-namespace-shop.yaml`: in the order of names they can be applied. The number is the kind's, so that an object that comes or
   * goes leaves the names of all others as they are.
   */
  readonly file: string;
  readonly content: string;
}

/** What the files leave out, because a preview does not tell it or nobody is to read it. */
export interface LeftOut {
  /** `Secret shop/token`. */
  readonly object: string;
  /** Paths of the values: `data.password`. */
  readonly fields: readonly string[];
  /** Whether there is no file of the object at all: it is a Secret. */
  readonly whole: boolean;
}

export interface Rendering {
  readonly manifests: readonly Manifest[];
  readonly leftOut: readonly LeftOut[];
}

/** The objects of a stack as files in the order they can be applied: what a preview says will be there after an `up`. */
export function render({ steps }: Preview): Rendering {
  const objects = steps.flatMap((step) =>
    step.custom && step.after !== undefined && isKubernetes(step.type) && !/(Patch|List)$/.test(step.type)
      ? [objectOf(step, step.after)]
      : [],
  );
  const sorted = objects
    .map((object) => ({ object, rank: rankOf(object.kind) }))
    .sort(
      (one, other) => one.rank - other.rank || (describeRef(one.object) < describeRef(other.object) ? -1 : 1),
    );
  const manifests: Manifest[] = [];
  const leftOut: LeftOut[] = [];
  const taken = new Set<string>();
  for (const { object, rank } of sorted) {
    const fields: string[] = [];
    const body = told(object.body, "", fields) as Readonly<Record<string, unknown>>;
    const whole = object.kind === "Secret";
    if (whole || fields.length > 0)
      leftOut.push({ object: describeRef(object), fields: whole ? secretKeys(object.body) : fields, whole });
    if (whole) continue;
    const { kind } = object;
    const file = fileOf(object, rank, taken);
    taken.add(file);
    const content = stringify({ ...body, apiVersion: object.apiVersion, kind }, { lineWidth: 0 });
    manifests.push({ file, content });
  }
  return { manifests, leftOut };
}

/** A file's name; with the group of its API where another group has a kind of that name. */
function fileOf(object: StackObject, rank: number, taken: ReadonlySet<string>): string {
  const { kind, namespace, name } = object;
  const named = (...parts: readonly string[]): string =>
    `${[String((rank + 1) * 10).padStart(4, "0"), ...parts.filter((part) => part !== "")].join("-").replaceAll(/[^\w.-]/g, "-")}.yaml`;
  const usual = named(kind.toLowerCase(), namespace, name);
  return taken.has(usual) ? named(kind.toLowerCase(), groupOf(object.apiVersion), namespace, name) : usual;
}

function rankOf(kind: string): number {
  const [first, last] = [FIRST.indexOf(kind), LAST.indexOf(kind)];
  return first >= 0 ? first : last >= 0 ? FIRST.length + 1 + last : FIRST.length;
}

/** A value without what is not told, whose places are noted; nor the provider's own notes. */
function told(value: Value, path: string, untold: string[]): unknown {
  if (value instanceof Untold) {
    untold.push(`${path} (${value === SECRET ? "secret" : "known after up"})`);
    return undefined;
  }
  if (isList(value)) return value.map((item, index) => told(item, `${path}[${index}]`, untold));
  if (!isMap(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !(path === "" && (key.startsWith("__") || key === "status")))
    .map(([key, item]) => [key, told(item, path === "" ? key : `${path}.${key}`, untold)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** What a Secret holds, by name alone. */
function secretKeys(body: Readonly<Record<string, Value>>): readonly string[] {
  const { data } = body;
  return isMap(data) ? Object.keys(data).map((key) => `data.${key}`) : ["data"];
}
