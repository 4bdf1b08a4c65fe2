import type { Pod, PodSpec } from "./pod-security/index.ts";

/** A Kubernetes object, as YAML and JSON have it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | null | undefined;
    readonly annotations?: Readonly<Record<string, string>> | null | undefined;
  };
  readonly [field: string]: unknown;
}

/** Name of an object for people: `Deployment api/web`; without a namespace `Namespace api`. */
export const objectName = ({
  kind,
  metadata: { name, namespace },
}: Pick<KubernetesObject, "kind" | "metadata">): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;

interface Workload {
  readonly template?: Pod;
  readonly jobTemplate?: { readonly spec?: { readonly template?: Pod } };
}

/** The pod that an object is, or makes more of; `undefined` where it has to do with none. */
export function podOf(object: KubernetesObject): Pod | undefined {
  if (object.kind === "Pod" && object.apiVersion === "v1") return object as unknown as Pod;
  const spec = object["spec"] as Workload | null | undefined;
  const template = spec?.template ?? spec?.jobTemplate?.spec?.template;
  return isPodSpec(template?.spec) ? template : undefined;
}

/** Other kinds have templates as well, of certificates for instance. */
const isPodSpec = (spec: unknown): spec is PodSpec =>
  Array.isArray((spec as Partial<PodSpec> | null | undefined)?.containers);
