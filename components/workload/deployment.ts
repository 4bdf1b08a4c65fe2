import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { asObject } from "../base/object.ts";
import type { StackInfo } from "../base/stack.ts";
import type { Transform } from "../base/transform.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import type { Ports } from "./ports.ts";
import { awaitRollout } from "./rollout.ts";
import {
  type Identity,
  identityOf,
  podsOf,
  type Workload,
  type WorkloadArgs,
  workloadMetadata,
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
   * `"recreate"` ends all pods before it starts new ones: nobody answers in between, which it warns about.
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
    const identity = identityOf(name, args, problems);
    const spec = deploymentSpec(args, identity, problems);
    problems.throwIfAny();
    if (spec.strategy.type === "Recreate") {
      void pulumi.log.warn(
        `strategy recreate: nobody answers while ${identity.name} is replaced`,
        opts?.parent,
      );
    }
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
export function deploymentSpec(args: DeploymentSpecArgs, identity: Identity, problems: Problems) {
  const {
    replicas = 1,
    minReadySeconds = 0,
    revisionHistoryLimit = 10,
    progressDeadlineSeconds = 120,
  } = args;
  for (const [key, value] of Object.entries({ minReadySeconds, revisionHistoryLimit })) {
    problems.unless(Number.isInteger(value) && value >= 0, key, value, "must be a whole number from 0");
  }
  problems.unless(
    replicas === "autoscaled" || (Number.isInteger(replicas) && replicas >= 0),
    "replicas",
    replicas,
    'must be a whole number from 0, or "autoscaled"',
  );
  problems.unless(
    Number.isInteger(progressDeadlineSeconds) && progressDeadlineSeconds > minReadySeconds,
    "progressDeadlineSeconds",
    progressDeadlineSeconds,
    `must be a whole number of seconds above minReadySeconds (${minReadySeconds})`,
  );
  return {
    ...(replicas !== "autoscaled" && { replicas }),
    selector: { matchLabels: identity.selector },
    strategy: strategyOf(args.strategy, problems),
    minReadySeconds,
    revisionHistoryLimit,
    progressDeadlineSeconds,
    ...(args.paused && { paused: true }),
    template: podTemplate(args, identity, problems),
  };
}

function strategyOf(strategy: DeploymentArgs["strategy"], problems: Problems) {
  if (strategy === "recreate") return { type: "Recreate" };
  const { maxSurge = "25%", maxUnavailable = 0 }: Partial<RollingUpdate> =
    typeof strategy === "object" ? strategy : {};
  for (const [key, value] of Object.entries({ maxSurge, maxUnavailable })) {
    const ok = typeof value === "number" ? Number.isInteger(value) && value >= 0 : /^\d{1,3}%$/.test(value);
    problems.unless(ok, `strategy.${key}`, value, 'must be a number from 0 or a percentage, as in "25%"');
  }
  const none = [maxSurge, maxUnavailable].every((value) => Number.parseInt(String(value), 10) === 0);
  problems.unless(
    !none,
    "strategy",
    { maxSurge, maxUnavailable },
    "must not both be 0: no pod could be replaced",
  );
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
}
