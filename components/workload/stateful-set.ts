import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Component, type ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import type { StackInfo } from "../base/stack.ts";
import { defined } from "../base/values.ts";
import { count, dnsLabel, positive, rule, serviceName } from "../base/rules/index.ts";
import { type Transform, transformed } from "../base/transform.ts";
import { checkClaim, type Claim, claimSpec } from "./claim.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import { portNumber, portProtocol, type Ports } from "./container-ports.ts";
import { refuseReplacement } from "./replacement.ts";
import { mountsOf } from "./volumes.ts";
import {
  type Identity,
  identityOf,
  podsOf,
  type Workload,
  type WorkloadArgs,
  workloadMetadata,
  checkIdentity,
} from "./workload.ts";
import { checkPod } from "./pod-checks.ts";

/** What becomes of a StatefulSet's volumes. */
export interface ClaimRetention {
  /** Of all, when the StatefulSet is deleted. @default "Delete" */
  readonly whenDeleted?: "Delete" | "Retain" | undefined;
  /** Of those above `replicas`, when it shrinks. @default "Retain" */
  readonly whenScaled?: "Delete" | "Retain" | undefined;
}

export interface StatefulSetArgs extends WorkloadArgs {
  /** @default 1 */
  readonly replicas?: number | undefined;
  /**
   * Whether pods start one after another, each when the one before is ready, or all at once.
   * @default "OrderedReady"
   */
  readonly podManagementPolicy?: "OrderedReady" | "Parallel" | undefined;
  /** First pod that gets an update: those below keep the old revision. @default 0: all get it */
  readonly partition?: number | undefined;
  /**
   * Volumes of each pod by name; a container mounts one as `{ template: name }`. Rejected when none does.
   *
   * They cannot change later, nor can `podManagementPolicy` and `revisionHistoryLimit` where there are any: Pulumi would
   * delete the StatefulSet and make another. It fails instead, and says how to do that without losing a volume. Volumes
   * that exist keep their size.
   * @default none
   */
  readonly claims?: Readonly<Record<string, Claim>> | undefined;
  /**
   * What becomes of the volumes when the StatefulSet is deleted, and of those above `replicas` when it shrinks.
   *
   * Kubernetes itself retains them both times. Here `pulumi destroy` leaves nothing, in a namespace of somebody else's too;
   * `whenDeleted: "Retain"` keeps data that must outlive the stack, as long as its namespace is there. Growing again gives
   * the pods their volumes back. `"Delete"` means what a volume's class makes of it: one whose `reclaimPolicy` is `Retain`
   * keeps the data.
   * Source: {@link https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention}.
   * @default `{ whenDeleted: "Delete", whenScaled: "Retain" }`
   */
  readonly claimRetention?: ClaimRetention | undefined;
  /**
   * Group that owns the files of mounted volumes, and that the pods' user is in.
   * @default 65532 with `claims`, which only root could write otherwise; else the file systems' own
   */
  readonly fsGroup?: number | undefined;
  /** @default 10 */
  readonly revisionHistoryLimit?: number | undefined;
  /** Seconds within which `up` wants all pods ready. @default 300 */
  readonly timeoutSeconds?: number | undefined;
  /** Changes a child before it is made. */
  readonly transform?:
    | {
        readonly statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs>;
        readonly service?: Transform<k8s.core.v1.ServiceArgs>;
      }
    | undefined;
}

/**
 * Pods with names of their own, `db-0`, `db-1`, …, which DNS knows as `db-0.db-headless`.
 *
 * A pod that never becomes ready blocks its successor's update: after setting a good image again, delete that pod.
 * Source: {@link https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback}.
 */
export class StatefulSet extends Component implements Workload {
  readonly statefulSet: k8s.apps.v1.StatefulSet;
  /** The headless Service that names the pods. */
  readonly service: k8s.core.v1.Service;
  /** Name of the StatefulSet, known once its pods are ready. */
  readonly name: pulumi.Output<string>;
  /** Name of the headless Service. */
  readonly serviceName: pulumi.Output<string>;
  readonly stack: StackInfo;
  /** Namespace of its pods. */
  readonly namespace: pulumi.Output<string>;
  /** Name that its pods are labelled with. */
  readonly app: string;
  /** Labels that select its pods. */
  readonly selector: StringMap;
  /** Ports of its containers by name. */
  readonly ports: Ports;
  readonly replicas: number;

  constructor(name: string, args: StatefulSetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:StatefulSet", name, opts);
    const problems = new Problems(`stateful set ${name}`);
    checkIdentity(name, args, problems);
    checkStatefulSet(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const identity = identityOf(name, args);
    const service = headlessService(args, identity);
    const spec = statefulSetSpec(args, identity);

    this.service = new k8s.core.v1.Service(
      `${name}-headless`,
      ...transformed<k8s.core.v1.ServiceArgs>(args.transform?.service, service, this.child()),
    );
    this.serviceName = this.service.metadata.name;
    const replacement = spec.volumeClaimTemplates && refuseReplacement(name);
    const timeout = `${args.timeoutSeconds ?? 300}s`;
    this.statefulSet = new k8s.apps.v1.StatefulSet(
      name,
      ...transformed<k8s.apps.v1.StatefulSetArgs>(
        args.transform?.statefulSet,
        {
          metadata: workloadMetadata(identity, args, replacement && { [MANAGER]: "slipway" }),
          spec: { ...spec, serviceName: this.serviceName },
        },
        this.child({
          customTimeouts: { create: timeout, update: timeout },
          ...explainFailure(name, args, () => this, replacement && { onError: [replacement.hook] }),
          ...(replacement && { ...replacement.opts, ignoreChanges: [`metadata.annotations["${MANAGER}"]`] }),
        }),
      ),
    );
    this.name = this.statefulSet.metadata.name;
    const pods = podsOf(identity, args);
    this.stack = pods.stack;
    this.namespace = pods.namespace;
    this.app = pods.app;
    this.selector = pods.selector;
    this.ports = pods.ports;
    this.replicas = spec.replicas;
  }
}

/**
 * The name that runs of `up` go by with the API server. Otherwise each has one of its own, and what a run has made that was
 * killed conflicts with the next one: templates of claims are one value to the API server, which adds its defaults to it, and
 * they cannot be written with those, for that would replace the StatefulSets there are. These keep the name they were made by.
 */
const MANAGER = "pulumi.com/patchFieldManager";

/** What the name of the Service that names the pods has after theirs. */
const HEADLESS = "-headless";

function headlessService(args: StatefulSetArgs, identity: Identity) {
  const ports = Object.entries(args.ports ?? {}).map(([name, port]) => ({
    name,
    port: portNumber(port),
    targetPort: name,
    protocol: portProtocol(port),
  }));
  // The StatefulSet is waited for instead: it needs the Service first.
  const metadata = workloadMetadata(identity, args, { "pulumi.com/skipAwait": "true" });
  return {
    metadata: { ...metadata, name: `${identity.name}${HEADLESS}` },
    spec: { clusterIP: "None", selector: identity.selector, ports },
  };
}

/** A group that images give no files to. */
export const NOBODYS_GROUP = 65_532;

/** The spec of a StatefulSet, but for the name of its Service. */
export function statefulSetSpec(args: StatefulSetArgs, identity: Identity) {
  const { replicas = 1, partition = 0, revisionHistoryLimit = 10, claims = {}, claimRetention = {} } = args;
  const hasClaims = Object.keys(claims).length > 0;
  return {
    replicas,
    selector: { matchLabels: identity.selector },
    podManagementPolicy: args.podManagementPolicy ?? "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } },
    revisionHistoryLimit,
    ...(hasClaims && {
      volumeClaimTemplates: claimTemplates(claims, identity),
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: "Delete",
        whenScaled: "Retain",
        ...defined(claimRetention),
      },
    }),
    template: podTemplate(hasClaims ? { ...args, fsGroup: args.fsGroup ?? NOBODYS_GROUP } : args, identity),
  };
}

const claimTemplates = (
  claims: Readonly<Record<string, Claim>>,
  { selector }: Identity,
): k8s.types.input.core.v1.PersistentVolumeClaim[] =>
  Object.entries(claims).map(([name, claim]) => ({
    // Like the selector they must not change: what a StatefulSet makes claims from is immutable.
    metadata: { name, labels: selector },
    spec: claimSpec(claim),
  }));

/** Its pods' names are labels of theirs, with a number appended; its Service's name has a suffix. */
const statefulSetName = rule<string>(
  `must begin with a letter and have at most ${63 - HEADLESS.length} characters: its Service is called after it`,
  (text) => serviceName.test(`${text}${HEADLESS}`),
);

/** Arguments of a StatefulSet but for where and whose it is. */
export type StatefulSetSpecArgs = Omit<StatefulSetArgs, keyof ObjectArgs | "transform">;

/**
 * Records everything that is wrong with a StatefulSet but for where and whose it is.
 * @param name of the main container
 */
export function checkStatefulSet(name: string, args: StatefulSetSpecArgs, problems: Problems): void {
  const { ports = {}, claims = {} } = args;
  if (dnsLabel.test(name)) problems.check("name", name, statefulSetName);
  const named = Object.keys(ports).length > 0;
  problems.unless(named, "ports", undefined, "must name one: the pods are known by a Service");
  problems.check("replicas", args.replicas, count);
  problems.check("partition", args.partition, count);
  problems.check("revisionHistoryLimit", args.revisionHistoryLimit, count);
  problems.check("timeoutSeconds", args.timeoutSeconds, positive);
  const mounted = mountsOf(args).map(({ template }) => template);
  for (const [claim, spec] of Object.entries(claims)) {
    problems.unless(mounted.includes(claim), `claims.${claim}`, undefined, "no container mounts it");
    problems.at("claims").checkName(claim, dnsLabel);
    checkClaim(spec, problems.at("claims", claim));
  }
  checkPod(args, { name, templates: Object.keys(claims) }, problems);
}
