import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName } from "../base/hooks.ts";
import { describeStatus, type ContainerStatus } from "./init-failure.ts";

interface Deployment {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
}

/** What the API server says of a pod. */
export interface PodStatus {
  readonly metadata: { readonly name: string };
  readonly status?:
    | {
        readonly containerStatuses?:
          readonly (ContainerStatus & { readonly ready?: boolean | undefined })[] | undefined;
      }
    | undefined;
}

/**
 * A hook that ends once every pod of a changed Deployment is of the new version, and fails where that cannot be.
 *
 * The provider waits as well, but it can take the status of the version before for the new one's: it does not compare
 * `status.observedGeneration` with every status that it judges, and a busy controller manager writes the new status late.
 * Without kubectl, or where kubectl reaches another cluster, the provider's judgement stands.
 *
 * @param name Pulumi name, which the hook's is made of
 * @param deadlineSeconds time for the rollout, the Deployment's own `progressDeadlineSeconds`
 * @param workload the resource, once it is made: its cluster is asked
 */
export const awaitRollout = (
  name: string,
  deadlineSeconds: number,
  workload: () => pulumi.Resource,
): pulumi.ResourceHook =>
  new pulumi.ResourceHook(hookName(name, "rollout"), async ({ newOutputs }) => {
    const { metadata, spec } = newOutputs as Deployment;
    if (metadata.annotations?.["pulumi.com/skipAwait"] === "true") return;
    const kubectl = kubectlOf(workload());
    const within = ["--namespace", metadata.namespace];
    const live = await kubectl.get<Deployment>("deployment", metadata.name, ...within).catch(() => undefined);
    if (live?.metadata.uid !== metadata.uid) return;
    // Kubernetes itself gives up at the deadline; the rest is for a controller that is late to say so.
    const timeout = `${deadlineSeconds + 30}s`;
    try {
      await kubectl.run(
        "rollout",
        "status",
        `deployment/${metadata.name}`,
        ...within,
        `--timeout=${timeout}`,
      );
    } catch (error) {
      const labels = Object.entries(spec.template.metadata.labels).map((label) => label.join("="));
      const pods = await kubectl.get<{ items: readonly PodStatus[] }>(
        "pods",
        ...within,
        "--selector",
        labels.join(","),
      );
      throw new Error(rolloutFailed(metadata, pods.items, error), { cause: error });
    }
  });

/** Why a Deployment's new pods did not take the place of the old ones. */
export function rolloutFailed(
  { namespace, name }: Deployment["metadata"],
  pods: readonly PodStatus[],
  error: unknown,
): string {
  const reasons = pods.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? [])
      .filter(({ ready }) => ready !== true)
      .map((container) => `pod ${metadata.name}, container ${container.name}: ${describeStatus(container)}`),
  );
  const said = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
  return [
    `deployment ${namespace}/${name} is not rolled out`,
    ...(reasons.length > 0 ? reasons : [said]),
  ].join("\n");
}
