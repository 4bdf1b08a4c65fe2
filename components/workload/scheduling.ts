import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { checkLabels } from "../base/metadata.ts";
import { labelKey, labelValue, objectName, oneOf, positive } from "../base/rules/index.ts";
import { checkAffinity } from "./affinity.ts";

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

/** Spread constraints in full. */
const spreadsOf = ({ spread }: Scheduling) =>
  spread?.map((entry) => {
    const full: Spread = typeof entry === "string" ? { topologyKey: entry } : entry;
    const { topologyKey, maxSkew = 1, whenUnsatisfiable = "ScheduleAnyway" } = full;
    return { topologyKey, maxSkew, whenUnsatisfiable };
  });

/**
 * The part of a pod's spec that places it.
 * @param selector labels that the pods to be spread have
 */
export function schedulingOf(args: Scheduling, selector: StringMap): Partial<types.input.core.v1.PodSpec> {
  const { nodeSelector, affinity, tolerations, priorityClassName } = args;
  const topologySpreadConstraints = spreadsOf(args)?.map((spread) => ({
    ...spread,
    labelSelector: { matchLabels: selector },
  }));
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(topologySpreadConstraints && { topologySpreadConstraints }),
    ...(tolerations && { tolerations: [...tolerations] }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}

/** Records what is wrong with where pods are to run. */
export function checkScheduling(args: Scheduling, problems: Problems): void {
  checkLabels(args.nodeSelector ?? {}, problems.at("nodeSelector"));
  if (args.affinity !== undefined) checkAffinity(args.affinity, problems.at("affinity"));
  problems.check("priorityClassName", args.priorityClassName, objectName);
  checkSpread(args, problems);
  args.tolerations?.forEach((toleration, index) => {
    checkToleration(toleration, problems.at("tolerations", index));
  });
}

function checkSpread(args: Scheduling, problems: Problems): void {
  const seen = new Set<string>();
  spreadsOf(args)?.forEach(({ topologyKey, maxSkew, whenUnsatisfiable }, index) => {
    const own = problems.at("spread", index);
    own.check("maxSkew", maxSkew, positive);
    own.unless(labelKey.test(topologyKey), "topologyKey", topologyKey, "must be a node label");
    const id = `${topologyKey} ${whenUnsatisfiable}`;
    own.unless(!seen.has(id), "topologyKey", topologyKey, "is spread over already");
    seen.add(id);
  });
}

/**
 * Records what the API server refuses of a toleration.
 * Source: {@link https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/}.
 */
export function checkToleration(
  { key, operator = "Equal", value, effect, tolerationSeconds }: Toleration,
  problems: Problems,
): void {
  problems.check("operator", operator, oneOf(["Exists", "Equal"]));
  problems.check("effect", effect, oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"]));
  if (key === undefined || key === "") {
    problems.unless(operator === "Exists", "key", key, 'is required, unless the operator is "Exists"');
  } else problems.check("key", key, labelKey);
  if (operator === "Exists") {
    problems.unless(!value, "value", value, 'must be left out beside the operator "Exists"');
  } else problems.check("value", value, labelValue);
  problems.unless(
    tolerationSeconds === undefined || effect === "NoExecute",
    "tolerationSeconds",
    tolerationSeconds,
    'needs the effect "NoExecute"',
  );
}
