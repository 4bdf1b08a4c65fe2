import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName, logFailure } from "../base/hooks.ts";
import type { Kubectl } from "../base/kubectl.ts";

/** What the API server says of a claim. */
export interface ClaimState {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly phase?: string | undefined } | undefined;
}

/** What happened to an object. */
export interface Event {
  readonly involvedObject: { readonly name: string };
  readonly reason: string;
  readonly message: string;
  readonly lastTimestamp?: string | null | undefined;
  readonly metadata: { readonly creationTimestamp: string };
}

interface Workload {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
}

interface Pod {
  readonly spec: {
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
}

interface List<T> {
  readonly items: readonly T[];
}

/**
 * Says of a workload's claims why they have no volume: the provider names pods that are not ready, and the claims they wait
 * for not at all.
 * @param name Pulumi name, which the hook's is made of
 * @param workload the resource, once it is made
 */
export const explainClaims = (name: string, workload: () => pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(hookName(name, "claims"), async ({ urn, newInputs }) => {
    const reason = await reasonOf(newInputs as Workload, kubectlOf(workload()));
    if (reason !== undefined) await logFailure(urn, reason);
    return false;
  });

async function reasonOf({ metadata, spec }: Workload, kubectl: Kubectl): Promise<string | undefined> {
  const { namespace } = metadata;
  const within = ["--namespace", namespace];
  const selector = Object.entries(spec.template.metadata.labels).map((label) => label.join("="));
  try {
    const [pods, claims, events] = await Promise.all([
      kubectl.get<List<Pod>>("pods", ...within, "--selector", selector.join(",")),
      kubectl.get<List<ClaimState>>("persistentvolumeclaims", ...within),
      kubectl.get<List<Event>>(
        "events",
        ...within,
        "--field-selector",
        "involvedObject.kind=PersistentVolumeClaim",
      ),
    ]);
    const mounted = pods.items
      .flatMap((pod) => pod.spec.volumes ?? [])
      .flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));
    return missingVolumes(namespace, mounted, claims.items, events.items);
  } catch {
    return `If its pods wait for volumes, their claims say why: kubectl describe persistentvolumeclaims --namespace ${namespace}`;
  }
}

/** Events of a claim that waits for its pod, and not the pod for it. */
const WAITS_FOR_POD = ["WaitForFirstConsumer", "WaitForPodScheduled"];

/**
 * Why claims have no volume, and what to do; `undefined` when none of them keeps a pod waiting.
 * @param mounted names of the claims that pods mount
 * @param events of any claims
 */
export function missingVolumes(
  namespace: string,
  mounted: readonly string[],
  claims: readonly ClaimState[],
  events: readonly Event[],
): string | undefined {
  const found = [...new Set(mounted)].sort().flatMap((name) => {
    const claim = claims.find(({ metadata }) => metadata.name === name);
    if (claim?.status?.phase === "Bound") return [];
    const last = events
      .filter(({ involvedObject }) => involvedObject.name === name)
      .sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
      .at(-1);
    if (last !== undefined && WAITS_FOR_POD.includes(last.reason)) return [];
    const reason = claim === undefined ? "is not there" : (last?.message ?? "is not bound yet");
    return [`claim ${namespace}/${name}: ${reason}`];
  });
  if (found.length === 0) return undefined;
  return [
    ...found,
    "`kubectl get storageclass` lists what the cluster makes volumes of: name one as storageClassName, or give the cluster a default.",
  ].join("\n");
}

const timeOf = ({ lastTimestamp, metadata }: Event): string => lastTimestamp ?? metadata.creationTimestamp;
