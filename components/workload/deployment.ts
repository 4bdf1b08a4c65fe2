import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { asObject } from "../base/object.ts";
import type { StackInfo } from "../base/stack.ts";
import type { Transform } from "../base/transform.ts";
import { broken, complaint, count, type Rule, rule, share, whole } from "../base/rules/index.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import { checkPod } from "./pod-checks.ts";
import type { Ports } from "./container-ports.ts";
import { awaitRollout } from "./rollout.ts";
import {
  type Identity,
  identityOf,
  podsOf,
  type Workload,
  type WorkloadArgs,
  workloadMetadata,
  checkIdentity,
} from "./workload.ts";

/** How pods of a new revision take the place of the old ones. */
export interface RollingUpdate {
  /** Tells it from other strategies. */
  readonly type: "rollingUpdate";
  /** Pods above `replicas` during a rollout, a number or a percentage rounded up. @default "25%" */
  readonly maxSurge?: number | string | undefined;
  /** Pods below `replicas` during a rollout, a number or a percentage rounded down. @default 0 */
  readonly maxUnavailable?: number | string | undefined;
}

export interface DeploymentArgs extends WorkloadArgs {
  /**
   * Number of pods, or `"autoscaled"`: left to a HorizontalPodAutoscaler, or whoever scales it, and no drift.
   * @default 1
   */
  readonly replicas?: number | "autoscaled" | undefined;
  /**
   * `"recreate"` ends all pods before it starts new ones: nobody answers in between, which it warns about, as of a rolling update with
   * `maxUnavailable: "100%"`.
   * @default a rolling update that never has fewer pods than `replicas`
   */
  readonly strategy?: "rollingUpdate" | "recreate" | RollingUpdate | undefined;
  /** Seconds a pod must stay ready before it counts. @default 0 */
  readonly minReadySeconds?: number | undefined;
  /** Old revisions kept for `kubectl rollout undo`. @default 10 */
  readonly revisionHistoryLimit?: number | undefined;
  /**
   * Stops a rollout where it stands; changes of the pods wait until it is resumed, and `up` does not wait for them.
   * @default false
   */
  readonly paused?: boolean | undefined;
  /**
   * Seconds within which the pods must be ready; after them `up` fails with the pods' own reason. The old revision's
   * pods go on serving. Rejected unless more than `minReadySeconds`.
   * @default 120
   */
  readonly progressDeadlineSeconds?: number | undefined;
  /** Changes the Deployment before it is made. */
  readonly transform?: { readonly deployment?: Transform<k8s.apps.v1.DeploymentArgs> } | undefined;
}

/**
 * An app's pods, replaced without a gap when they change.
 *
 * ```ts
 * new Deployment("web", {
 *   namespace, image: "slipway-web:3f2a", replicas: 3,
 *   ports: { http: 8080 },
 *   probes: { liveness: "/healthz", readiness: "/readyz" },
 *   writable: ["/tmp"],
 * });
 * ```
 */
export class Deployment extends k8s.apps.v1.Deployment implements Workload {
  /** Name of the Deployment, known once it is rolled out. */
  readonly name: pulumi.Output<string>;
  readonly stack: StackInfo;
  /** Namespace of its pods. */
  readonly namespace: pulumi.Output<string>;
  /** Name that its pods are labelled with. */
  readonly app: string;
  /** Labels that select its pods. */
  readonly selector: StringMap;
  /** Ports of its containers by name. */
  readonly ports: Ports;
  /** Number of pods it was given; `undefined` where that is left to others. */
  readonly replicas: number | undefined;

  constructor(name: string, args: DeploymentArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`deployment ${name}`);
    checkIdentity(name, args, problems);
    checkDeployment(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const identity = identityOf(name, args);
    const spec = deploymentSpec(args, identity);
    const gap = gapOf(args.strategy);
    if (gap !== undefined)
      void pulumi.log.warn(`${gap}: nobody answers while ${identity.name} is replaced`, opts?.parent);
    const deadline = `${spec.progressDeadlineSeconds}s`;
    const afterUpdate = [awaitRollout(name, spec.progressDeadlineSeconds, () => this)];
    super(
      name,
      ...asObject<k8s.apps.v1.DeploymentArgs>(
        "workload:Deployment",
        name,
        args.transform?.deployment,
        {
          // A paused rollout never becomes ready.
          metadata: workloadMetadata(identity, args, args.paused ? { "pulumi.com/skipAwait": "true" } : {}),
          spec,
        },
        opts,
        {
          customTimeouts: { create: deadline, update: deadline },
          ...explainFailure(name, args, () => this, { afterUpdate }),
          ...(args.replicas === "autoscaled" && { ignoreChanges: ["spec.replicas"] }),
        },
      ),
    );
    this.name = this.metadata.name;
    const pods = podsOf(identity, args);
    this.stack = pods.stack;
    this.namespace = pods.namespace;
    this.app = pods.app;
    this.selector = pods.selector;
    this.ports = pods.ports;
    this.replicas = args.replicas === "autoscaled" ? undefined : (args.replicas ?? 1);
  }
}

/** Arguments of a Deployment but for where and whose it is. */
export type DeploymentSpecArgs = Omit<DeploymentArgs, keyof ObjectArgs | "transform">;

/** The spec of a Deployment. */
export function deploymentSpec(args: DeploymentSpecArgs, identity: Identity) {
  const { replicas = 1, minReadySeconds = 0, revisionHistoryLimit = 10 } = args;
  const { progressDeadlineSeconds = 120 } = args;
  return {
    ...(replicas !== "autoscaled" && { replicas }),
    selector: { matchLabels: identity.selector },
    strategy:
      args.strategy === "recreate"
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: rollingUpdateOf(args.strategy) },
    minReadySeconds,
    revisionHistoryLimit,
    progressDeadlineSeconds,
    ...(args.paused && { paused: true }),
    template: podTemplate(args, identity),
  };
}

const rollingUpdateOf = (strategy: Exclude<DeploymentArgs["strategy"], "recreate">) => {
  const { maxSurge = "25%", maxUnavailable = 0 }: Partial<RollingUpdate> =
    typeof strategy === "object" ? strategy : {};
  return { maxSurge, maxUnavailable };
};

/** What of a strategy leaves nobody to answer in between. */
function gapOf(strategy: DeploymentArgs["strategy"]): string | undefined {
  if (strategy === "recreate") return "strategy recreate";
  return rollingUpdateOf(strategy).maxUnavailable === "100%" ? "strategy.maxUnavailable 100%" : undefined;
}

/**
 * Records everything that is wrong with a Deployment but for where and whose it is.
 * @param name of the main container
 */
export function checkDeployment(name: string, args: DeploymentSpecArgs, problems: Problems): void {
  const { replicas = 1, minReadySeconds = 0, progressDeadlineSeconds = 120, strategy } = args;
  problems.check("minReadySeconds", minReadySeconds, count);
  problems.check("revisionHistoryLimit", args.revisionHistoryLimit, count);
  problems.check("replicas", replicas, podCount);
  problems.check(
    "progressDeadlineSeconds",
    progressDeadlineSeconds,
    above("minReadySeconds", minReadySeconds),
  );
  if (strategy !== "recreate") {
    const { maxSurge, maxUnavailable } = rollingUpdateOf(strategy);
    problems.check("strategy.maxSurge", maxSurge, share);
    problems.check("strategy.maxUnavailable", maxUnavailable, share);
    const none = [maxSurge, maxUnavailable].every((value) => Number.parseInt(String(value), 10) === 0);
    const both = "must not both be 0: no pod could be replaced";
    problems.unless(!none, "strategy", { maxSurge, maxUnavailable }, both);
  }
  checkPod(args, { name }, problems);
}

const podCount = complaint<number | string>((value) => {
  if (typeof value === "number") return broken(count, value);
  return value === "autoscaled" ? undefined : 'must be a whole number from 0, or "autoscaled"';
});

const above = (key: string, least: number): Rule<number> =>
  rule(`must be a whole number of seconds above ${key} (${least})`, whole(least + 1).test);
