import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { DNS_LABEL, isDnsLabel } from "../base/checks.ts";
import type { ObjectArgs } from "../base/component.ts";
import type { Problems } from "../base/errors.ts";
import { appLabels, EXPIRES_LABEL, selectorLabels, type StringMap } from "../base/labels.ts";
import type { PodArgs } from "./pod.ts";

/** What every workload is told. */
export interface WorkloadArgs extends ObjectArgs, PodArgs {
  /**
   * Name of the object, of its main container and, as `app.kubernetes.io/name`, of its pods; it must not change later,
   * for pods are selected by it.
   * @default the component's
   */
  readonly appName?: string | undefined;
}

/** Names and labels of a workload. */
export interface Identity {
  readonly name: string;
  /** Labels that select its pods; they never change. */
  readonly selector: StringMap;
  /** Labels of its objects. */
  readonly labels: StringMap;
  /** Labels of its pods: without the expiry, for another date must not replace pods, nor run a Job again. */
  readonly podLabels: StringMap;
}

/** Names and labels of a workload; a label of the user's that would change the selector is refused. */
export function identityOf(
  componentName: string,
  { appName, stack, labels = {} }: Pick<WorkloadArgs, "appName" | "stack" | "labels">,
  problems: Problems,
): Identity {
  const name = appName ?? componentName;
  problems.unless(isDnsLabel(name), "name", name, DNS_LABEL);
  const own = appLabels(stack, name);
  for (const [label, value] of Object.entries(labels)) {
    problems.unless(!(label in own), `labels.${label}`, value, "is set already, and pods are found by it");
  }
  const all = { ...labels, ...own };
  const podLabels = Object.fromEntries(Object.entries(all).filter(([label]) => label !== EXPIRES_LABEL));
  return { name, selector: selectorLabels(stack, name), labels: all, podLabels };
}

/** Metadata of a workload's objects. */
export const objectMeta = (
  { name, labels }: Identity,
  { namespace, annotations }: Pick<ObjectArgs, "namespace" | "annotations">,
  extra: Readonly<Record<string, string>> = {},
): types.input.meta.v1.ObjectMeta & { name: string; namespace: pulumi.Input<string> } => {
  const all = { ...annotations, ...extra };
  return { name, namespace, labels, ...(Object.keys(all).length > 0 && { annotations: all }) };
};
