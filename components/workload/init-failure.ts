import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName, logFailure } from "../base/hooks.ts";
import type { Kubectl } from "../base/kubectl.ts";

/** A container that keeps its pod from starting. */
export interface Unfinished {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What the API server says of a container. */
export interface ContainerStatus {
  readonly name: string;
  readonly state?: ContainerState | undefined;
  readonly lastState?: ContainerState | undefined;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string } | undefined;
  readonly terminated?:
    { readonly reason?: string; readonly exitCode?: number; readonly message?: string } | undefined;
}

/**
 * Says why an init container or a sidecar kept a workload's pods from starting: the provider names the container, and its
 * reason only for main containers.
 * @param name Pulumi name, which the hook's is made of
 * @param workload the resource, once it is made
 */
export const explainInit = (name: string, workload: () => pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(hookName(name, "init"), async ({ urn, errors }) => {
    const found = unfinished(errors.join("\n"));
    if (found) await logFailure(urn, await reasonOf(found, kubectlOf(workload())));
    return false;
  });

/** The first container that the provider's errors name as not finished. */
export function unfinished(errors: string): Unfinished | undefined {
  const pattern = /\[Pod ([^/\]]+)\/([^\]]+)\]: containers with incomplete status: \[(\S+?)[ \]]/;
  const [, namespace, pod, container] = pattern.exec(errors) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  return { namespace, pod, container };
}

/** Where there is no kubectl to ask, says what to ask. */
async function reasonOf({ namespace, pod, container }: Unfinished, kubectl: Kubectl): Promise<string> {
  const subject = `container ${container} of pod ${namespace}/${pod}`;
  try {
    const { status } = await kubectl.get<{ status: { initContainerStatuses?: ContainerStatus[] } }>(
      "pod",
      pod,
      "--namespace",
      namespace,
    );
    const own = status.initContainerStatuses?.find(({ name }) => name === container);
    return `${subject}: ${own ? describeStatus(own) : "has no status yet"}`;
  } catch {
    return `${subject} did not finish: kubectl logs ${pod} --namespace ${namespace} --container ${container}`;
  }
}

/** Why a container waits, and what its last run wrote last. */
export function describeStatus({ state, lastState }: ContainerStatus): string {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  const parts = [
    waiting && [`[${waiting.reason ?? "Waiting"}]`, waiting.message].filter(Boolean).join(" "),
    ended && `ended with exit code ${ended.exitCode ?? "unknown"} (${ended.reason ?? "no reason"})`,
    ended?.message?.trim(),
  ];
  return parts.filter(Boolean).join("\n") || "still runs";
}
