import { execFile } from "node:child_process";
import { promisify } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { hookName } from "../base/hooks.ts";
import type { PodArgs } from "./pod.ts";

/** A container that keeps its pod from starting. */
export interface Unfinished {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What the API server says of a container that runs before the main one. */
interface ContainerStatus {
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
 * Options of a workload that say why an init container or a sidecar kept its pods from starting: the provider names the
 * container, and its reason only for main containers.
 * @param name Pulumi name, which the hook's is made of
 * @param component what the reason is shown with
 */
export function explainInit(
  name: string,
  { initContainers = {}, sidecars = {} }: PodArgs,
  component: pulumi.Resource,
): pulumi.CustomResourceOptions {
  if (Object.keys({ ...initContainers, ...sidecars }).length === 0) return {};
  const explain = new pulumi.ErrorHook(hookName(name, "init"), async ({ errors }) => {
    const found = unfinished(errors.join("\n"));
    if (found) await pulumi.log.error(await reasonOf(found), component);
    return false;
  });
  return { hooks: { onError: [explain] } };
}

/** The first container that the provider's errors name as not finished. */
export function unfinished(errors: string): Unfinished | undefined {
  const pattern = /\[Pod ([^/\]]+)\/([^\]]+)\]: containers with incomplete status: \[(\S+?)[ \]]/;
  const [, namespace, pod, container] = pattern.exec(errors) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  return { namespace, pod, container };
}

/** Asks kubectl, with the kubeconfig and context it would use by hand; where there is none, says what to ask. */
async function reasonOf({ namespace, pod, container }: Unfinished): Promise<string> {
  const subject = `container ${container} of pod ${namespace}/${pod}`;
  try {
    const args = [
      "get",
      "pod",
      pod,
      "--namespace",
      namespace,
      "--output",
      "json",
      "--request-timeout",
      "10s",
    ];
    const { stdout } = await promisify(execFile)("kubectl", args);
    const { status } = JSON.parse(stdout) as { status: { initContainerStatuses?: ContainerStatus[] } };
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
