import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName, logFailure } from "../base/hooks.ts";
import { type EventState, refused } from "./refusal-failure.ts";

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
 * Says why the scheduler found no node for a workload's pods, or why the API server made none: the provider tells only that they are
 * not ready.
 * @param name Pulumi name, which the hook's is made of
 * @param workload the resource, once it is made
 */
export const explainPlacement = (name: string, workload: () => pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(hookName(name, "placement"), async ({ urn, newInputs }) => {
    const { metadata, spec } = newInputs as Workload;
    const labels = Object.entries(spec.template.metadata.labels).map((label) => label.join("="));
    const within = ["--namespace", metadata.namespace];
    const kubectl = kubectlOf(workload());
    // Without kubectl, or a cluster that answers, the provider's own words have to do.
    const list = <T>(...args: string[]): Promise<readonly T[]> =>
      kubectl.get<{ items: readonly T[] }>(...args, ...within).then(
        ({ items }) => items,
        () => [],
      );
    const [pods, events] = await Promise.all([
      list<PodState>("pods", "--selector", labels.join(",")),
      list<EventState>("events", "--field-selector", "reason=FailedCreate", "--sort-by", ".lastTimestamp"),
    ]);
    const called = `${metadata.namespace}/${metadata.name}`;
    for (const reason of [unplaced(called, pods), refused(called, metadata.name, events)])
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
