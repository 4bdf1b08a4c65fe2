import { isMap, mapAt, textAt, type ValueMap } from "../preview/values.ts";
import type { ResourceState, Step } from "../preview/preview.ts";

/** A Kubernetes object as the program says it, or whatever else a stack may hold: a key, a password. */
export interface StackObject {
  /** `""` for what is no Kubernetes object. */
  readonly apiVersion: string;
  /** `Deployment`; for anything else the last part of Pulumi's type: `PrivateKey`. */
  readonly kind: string;
  /** `""` for what has none. */
  readonly namespace: string;
  readonly name: string;
  /** All of it. */
  readonly body: ValueMap;
}

/** Kinds of objects that are in no namespace, of those that one meets in a stack. */
const CLUSTER_SCOPED = new Set([
  "APIService",
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttributesClass",
  "VolumeSnapshotClass",
]);

/** Whether a resource's type is an object in the cluster. A Helm release is many, and a `…Patch` is a part of one. */
export const isKubernetes = (type: string): boolean =>
  type.startsWith("kubernetes:") && !/^kubernetes:(helm\.sh|kustomize|yaml)[/:]/.test(type);

/** A resource's object as it was, or as it will be. */
export function objectOf(
  { type, name }: Pick<Step, "type" | "name">,
  { inputs }: ResourceState,
): StackObject {
  const kind = type.split(":").at(-1) ?? type;
  if (!isKubernetes(type)) return { apiVersion: "", kind, namespace: "", name, body: inputs };
  const metadata = mapAt(inputs, "metadata");
  const realKind = textAt(inputs, "kind") ?? kind.replace(/Patch$/, "");
  return {
    apiVersion: textAt(inputs, "apiVersion") ?? (type.split(":")[1] ?? "").replace(/^core\//, ""),
    kind: realKind,
    namespace: CLUSTER_SCOPED.has(realKind) ? "" : (textAt(metadata, "namespace") ?? "default"),
    name: textAt(metadata, "name") ?? name,
    body: inputs,
  };
}

export const labelsOf = ({ body }: StackObject): ValueMap => mapAt(body, "metadata", "labels");

export const annotationsOf = ({ body }: StackObject): ValueMap => mapAt(body, "metadata", "annotations");

export const specOf = ({ body }: StackObject): ValueMap => mapAt(body, "spec");

/** Whether labels have all that a selector asks for; an empty one selects nothing here. */
export function selects(selector: ValueMap, labels: ValueMap): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Every text within a value, with its path. */
export function* textsWithin(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly [text: string, path: readonly (string | number)[]]> {
  if (typeof value === "string") yield [value, path];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsWithin(item, [...path, index]);
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) yield* textsWithin(item, [...path, key]);
  }
}
