import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { FollowerArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { asObject } from "../base/object.ts";
import { placeBeside } from "../base/place.ts";
import type { Transform } from "../base/transform.ts";
import { positive, rule } from "../base/rules/index.ts";
import type { Deployment } from "./deployment.ts";

export interface HorizontalPodAutoscalerArgs extends FollowerArgs {
  /** What is scaled: a Deployment with `replicas: "autoscaled"`, for two may not set one number. */
  readonly target: Deployment;
  /** Fewest pods. @default 1 */
  readonly minReplicas?: number | undefined;
  /** Most pods. */
  readonly maxReplicas: number;
  /** Average use of the CPU requested, in percent, that it keeps. Not kept where only `memory` or `metrics` is given. @default 80 */
  readonly cpu?: number | undefined;
  /** Average use of the memory requested, in percent, that it keeps. @default no target */
  readonly memory?: number | undefined;
  /** Further metrics, as Kubernetes has them. @default none */
  readonly metrics?: readonly k8s.types.input.autoscaling.v2.MetricSpec[] | undefined;
  /** How fast it scales, as Kubernetes has it. @default up at once, down after five minutes */
  readonly behavior?: k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior | undefined;
  /** Changes the autoscaler before it is made. */
  readonly transform?:
    { readonly autoscaler?: Transform<k8s.autoscaling.v2.HorizontalPodAutoscalerArgs> } | undefined;
}

/** Sets the number of an app's pods by their load. It needs a metrics server in the cluster for CPU and memory. */
export class HorizontalPodAutoscaler extends k8s.autoscaling.v2.HorizontalPodAutoscaler {
  constructor(name: string, args: HorizontalPodAutoscalerArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`autoscaler ${name}`);
    problems.unless(
      args.target.replicas === undefined,
      "target.replicas",
      args.target.replicas,
      'must be "autoscaled": the next `up` would undo what the autoscaler did',
    );
    checkMetadata(args, problems);
    checkAutoscaler(args, problems);
    problems.throwIfAny();
    super(
      name,
      ...asObject<k8s.autoscaling.v2.HorizontalPodAutoscalerArgs>(
        "workload:HorizontalPodAutoscaler",
        name,
        args.transform?.autoscaler,
        {
          metadata: metadataOf(args.objectName ?? name, { ...args, ...placeBeside(args, args.target) }),
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: args.target.name },
            ...autoscalerSpec(args),
          },
        },
        opts,
      ),
    );
  }
}

/** What an autoscaler keeps to, whatever it scales. */
type AutoscalerSpecArgs = Omit<HorizontalPodAutoscalerArgs, keyof FollowerArgs | "target" | "transform">;

function autoscalerSpec(args: AutoscalerSpecArgs) {
  const { minReplicas = 1, maxReplicas, memory, metrics = [], behavior } = args;
  const cpu = args.cpu ?? (memory === undefined && metrics.length === 0 ? 80 : undefined);
  const utilization = (name: "cpu" | "memory", averageUtilization: number | undefined) =>
    averageUtilization === undefined
      ? []
      : [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } }];
  return {
    minReplicas,
    maxReplicas,
    metrics: [...utilization("cpu", cpu), ...utilization("memory", memory), ...metrics],
    ...(behavior && { behavior }),
  };
}

const utilization = rule<number>("must be a percentage of the request above 0, as in 80", positive.test);

/** Records what is wrong with what an autoscaler keeps to. */
export function checkAutoscaler(args: AutoscalerSpecArgs, problems: Problems): void {
  const { minReplicas = 1, maxReplicas, cpu, memory } = args;
  problems.check("minReplicas", minReplicas, positive);
  problems.unless(
    positive.test(maxReplicas) && maxReplicas >= minReplicas,
    "maxReplicas",
    maxReplicas,
    `must be a whole number from minReplicas (${minReplicas})`,
  );
  problems.check("cpu", cpu, utilization);
  problems.check("memory", memory, utilization);
}
