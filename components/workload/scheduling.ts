import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";

/** How evenly pods are spread over the values of a node label. */
export interface Spread {
  /** Node label: `kubernetes.io/hostname`, `topology.kubernetes.io/zone`. */
  readonly topologyKey: string;
  /** Largest allowed difference between two values. @default 1 */
  readonly maxSkew?: number | undefined;
  /**
   * Whether a pod that cannot be placed so waits, or is placed anyway.
   * @default "ScheduleAnyway"
   */
  readonly whenUnsatisfiable?: "DoNotSchedule" | "ScheduleAnyway" | undefined;
}

/**
 * Taints of a node that pods put up with.
 * Source: {@link https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/}.
 */
export interface Toleration {
  /** Key of the taint. @default every key; `operator` must then be `Exists` */
  readonly key?: string | undefined;
  /** How the value is compared; `Exists` takes any. @default "Equal" */
  readonly operator?: "Exists" | "Equal" | undefined;
  /**
   * Value of the taint.
   * @default none
   * @minLength 0
   */
  readonly value?: string | undefined;
  /** Effect of the taint. @default every effect */
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute" | undefined;
  /** Seconds a pod stays on a node with such a taint; only with the effect `NoExecute`. @default for ever */
  readonly tolerationSeconds?: number | undefined;
}

/** Which nodes pods run on. */
export interface Scheduling {
  /** Labels a node must have. @default any node */
  readonly nodeSelector?: StringMap | undefined;
  /** Rules beyond `nodeSelector`, as Kubernetes has them. @default none */
  readonly affinity?: types.input.core.v1.Affinity | undefined;
  /**
   * Labels of nodes to spread the pods over; a string is short for `{ topologyKey }`.
   * @default the scheduler's: roughly even over nodes and zones
   */
  readonly spread?: readonly (string | Spread)[] | undefined;
  /** Taints the pods put up with. @default none */
  readonly tolerations?: readonly Toleration[] | undefined;
  /** Name of a PriorityClass. @default the cluster's */
  readonly priorityClassName?: pulumi.Input<string> | undefined;
}

/**
 * The part of a pod's spec that places it.
 * @param selector labels that the pods to be spread have
 */
export function schedulingOf(
  args: Scheduling,
  selector: StringMap,
  problems: Problems,
): Partial<types.input.core.v1.PodSpec> {
  const { nodeSelector, affinity, tolerations, priorityClassName } = args;
  const topologySpreadConstraints = args.spread?.map((entry, index) => {
    const full: Spread = typeof entry === "string" ? { topologyKey: entry } : entry;
    const { topologyKey, maxSkew = 1, whenUnsatisfiable = "ScheduleAnyway" } = full;
    const ok = Number.isInteger(maxSkew) && maxSkew >= 1;
    problems.unless(ok, `spread[${index}].maxSkew`, maxSkew, "must be a whole number from 1");
    problems.unless(topologyKey !== "", `spread[${index}].topologyKey`, topologyKey, "must be a node label");
    return { topologyKey, maxSkew, whenUnsatisfiable, labelSelector: { matchLabels: selector } };
  });
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(topologySpreadConstraints && { topologySpreadConstraints }),
    ...(tolerations && { tolerations: [...tolerations] }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}
