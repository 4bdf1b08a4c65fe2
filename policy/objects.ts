import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Pod, PodSpec } from "./pod-security/index.ts";

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
