import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName, logFailure } from "../base/hooks.ts";

/** What the API server says of a pod. */
export interface PodState {
  readonly metadata: { readonly name: string };
  readonly status?:
    | {
        readonly conditions?:
          | readonly {
              readonly type: string;
              readonly status: string;
              readonly message?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
}

interface Workload {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
}

/**
 * Says why the scheduler found no node for a workload's pods: the provider tells only that they are not ready.
 * @param name Pulumi name, which the hook's is made of
 * @param workload the resource, once it is made
 */
export const explainPlacement = (name: string, workload: () => pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(hookName(name, "placement"), async ({ urn, newInputs }) => {
    const { metadata, spec } = newInputs as Workload;
    const labels = Object.entries(spec.template.metadata.labels).map((label) => label.join("="));
    const within = ["--namespace", metadata.namespace, "--selector", labels.join(",")];
    // Without kubectl, or a cluster that answers, the provider's own words have to do.
    const pods = await kubectlOf(workload())
      .get<{ items: readonly PodState[] }>("pods", ...within)
      .catch(() => undefined);
    const reason = unplaced(`${metadata.namespace}/${metadata.name}`, pods?.items ?? []);
    if (reason !== undefined) await logFailure(urn, reason);
    return false;
  });

/** Why pods have no node, in the scheduler's words; `undefined` when each has one. */
export function unplaced(workload: string, pods: readonly PodState[]): string | undefined {
  const waiting = pods.flatMap(({ status }) =>
    (status?.conditions ?? []).filter(({ type, status: is }) => type === "PodScheduled" && is === "False"),
  );
  const reasons = new Set(waiting.map(({ message }) => message ?? "the scheduler has not said why"));
  if (waiting.length === 0) return undefined;
  const subject = `${waiting.length} ${waiting.length === 1 ? "pod" : "pods"} of ${workload}`;
  return [...reasons].map((reason) => `${subject} without a node: ${reason}`).join("\n");
}
