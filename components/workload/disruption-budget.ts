import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { FollowerArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { asObject } from "../base/object.ts";
import { type Place, placeBeside } from "../base/place.ts";
import type { Transform } from "../base/transform.ts";
import { rule, share } from "../base/rules/index.ts";

export interface PodDisruptionBudgetArgs extends FollowerArgs {
  /** Whose pods are kept: a Deployment or StatefulSet. */
  readonly target: Place & { readonly selector: StringMap; readonly replicas: number | undefined };
  /** Pods that may be away at a time, a number or a percentage rounded up. @default 1 */
  readonly maxUnavailable?: number | string | undefined;
  /**
   * Pods that must stay, a number or a percentage rounded up, in place of `maxUnavailable`.
   * Rejected where it is all of them, or their number is not known here.
   */
  readonly minAvailable?: number | string | undefined;
  /** Changes the budget before it is made. */
  readonly transform?: { readonly budget?: Transform<k8s.policy.v1.PodDisruptionBudgetArgs> } | undefined;
}

/**
 * How many of an app's pods may be away when nodes are drained. One pod can always be moved: a budget that forbids it
 * would hold up every drain, and is refused.
 */
export class PodDisruptionBudget extends k8s.policy.v1.PodDisruptionBudget {
  constructor(name: string, args: PodDisruptionBudgetArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`disruption budget ${name}`);
    checkMetadata(args, problems);
    checkDisruptionBudget(args, problems);
    problems.throwIfAny();
    super(
      name,
      ...asObject<k8s.policy.v1.PodDisruptionBudgetArgs>(
        "workload:PodDisruptionBudget",
        name,
        args.transform?.budget,
        {
          metadata: metadataOf(args.objectName ?? name, { ...args, ...placeBeside(args, args.target) }),
          spec: {
            ...disruptionLimit(args),
            selector: { matchLabels: args.target.selector },
            // A pod that does not work may always go: it must not hold up a drain.
            unhealthyPodEvictionPolicy: "AlwaysAllow",
          },
        },
        opts,
      ),
    );
  }
}

type Limits = Pick<PodDisruptionBudgetArgs, "maxUnavailable" | "minAvailable"> & {
  readonly target: Pick<PodDisruptionBudgetArgs["target"], "replicas">;
};

/** The number of pods that a budget keeps. */
const disruptionLimit = ({ maxUnavailable = 1, minAvailable }: Limits) =>
  minAvailable === undefined ? { maxUnavailable } : { minAvailable };

/** Records a budget that would not let every node be drained. */
export function checkDisruptionBudget(args: Limits, problems: Problems): void {
  const { target, maxUnavailable, minAvailable } = args;
  problems.check("maxUnavailable", maxUnavailable, budgetShare);
  problems.check("minAvailable", minAvailable, budgetShare);
  if (minAvailable === undefined) {
    const most = maxUnavailable ?? 1;
    problems.unless(Number.parseInt(String(most), 10) > 0, "maxUnavailable", most, BLOCKS);
    return;
  }
  problems.unless(
    maxUnavailable === undefined,
    "maxUnavailable",
    maxUnavailable,
    "or minAvailable, not both",
  );
  const { replicas } = target;
  if (replicas === undefined) problems.add("minAvailable", minAvailable, UNKNOWN);
  else {
    const drainable = kept(minAvailable, replicas) < replicas;
    problems.unless(drainable, "minAvailable", minAvailable, blocksAll(replicas));
  }
}

const budgetShare = rule<number | string>('must be a whole number or a percentage, as in "25%"', share.test);

const kept = (minAvailable: number | string, replicas: number): number =>
  typeof minAvailable === "number"
    ? minAvailable
    : Math.ceil((Number.parseInt(minAvailable, 10) / 100) * replicas);

const BLOCKS = "must be above 0, or no pod could ever be moved off a node that is drained";
const UNKNOWN = "cannot be checked, for replicas are left to an autoscaler: use maxUnavailable";
const blocksAll = (replicas: number): string =>
  `would keep all of ${replicas} replicas, so that no node with one could be drained: use less, or maxUnavailable`;
