import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { DNS_LABEL, isDnsLabel, isQuantity } from "../base/checks.ts";
import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { type Transform, transformed } from "../base/transform.ts";
import { explainInit } from "./init-failure.ts";
import { podTemplate } from "./pod.ts";
import { portNumber, type Ports } from "./ports.ts";
import { type Identity, identityOf, objectMeta, type WorkloadArgs } from "./workload.ts";

/** A volume that each pod of a StatefulSet has of its own, and finds again. */
export interface Claim {
  /** Size: `10Gi`. */
  readonly storage: string;
  /** @default the cluster's default class */
  readonly storageClassName?: string | undefined;
  /** @default ["ReadWriteOnce"] */
  readonly accessModes?: readonly string[] | undefined;
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
  /** Volumes of each pod by name; a container mounts one as `{ template: name }`. @default none */
  readonly claims?: Readonly<Record<string, Claim>> | undefined;
  /**
   * What becomes of the volumes when the StatefulSet is deleted, and of those above `replicas` when it shrinks.
   * @default `{ whenDeleted: "Retain", whenScaled: "Retain" }`
   */
  readonly claimRetention?:
    { readonly whenDeleted?: "Delete" | "Retain"; readonly whenScaled?: "Delete" | "Retain" } | undefined;
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
export class StatefulSet extends Component {
  readonly statefulSet: k8s.apps.v1.StatefulSet;
  /** The headless Service that names the pods. */
  readonly service: k8s.core.v1.Service;
  /** Name of the StatefulSet, known once its pods are ready. */
  readonly name: pulumi.Output<string>;
  /** Name of the headless Service. */
  readonly serviceName: pulumi.Output<string>;
  /** Labels that select its pods. */
  readonly selector: StringMap;
  readonly ports: Ports;
  readonly replicas: number;

  constructor(name: string, args: StatefulSetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:StatefulSet", name, args, opts);
    const problems = new Problems(`stateful set ${name}`);
    const identity = identityOf(name, args, problems);
    const service = headlessService(args, identity, problems);
    const spec = statefulSetSpec(args, identity, problems);
    problems.throwIfAny();

    this.service = new k8s.core.v1.Service(
      `${name}-headless`,
      ...transformed<k8s.core.v1.ServiceArgs>(args.transform?.service, service, this.child()),
    );
    this.serviceName = this.service.metadata.name;
    const timeout = `${args.timeoutSeconds ?? 300}s`;
    this.statefulSet = new k8s.apps.v1.StatefulSet(
      name,
      ...transformed<k8s.apps.v1.StatefulSetArgs>(
        args.transform?.statefulSet,
        { metadata: objectMeta(identity, args), spec: { ...spec, serviceName: this.serviceName } },
        this.child({
          customTimeouts: { create: timeout, update: timeout },
          ...explainInit(name, args, this),
        }),
      ),
    );
    this.name = this.statefulSet.metadata.name;
    this.selector = identity.selector;
    this.ports = args.ports ?? {};
    this.replicas = spec.replicas;
    this.registerOutputs({ name: this.name, serviceName: this.serviceName });
  }
}

/** Ports are checked with the pods. */
function headlessService(args: StatefulSetArgs, identity: Identity, problems: Problems) {
  const ports = Object.entries(args.ports ?? {}).map(([name, port]) => ({
    name,
    port: portNumber(port),
    targetPort: name,
    protocol: (typeof port === "object" ? port.protocol : undefined) ?? "TCP",
  }));
  problems.unless(ports.length > 0, "ports", undefined, "must name one: the pods are known by a Service");
  // The StatefulSet is waited for instead: it needs the Service first.
  const metadata = objectMeta(identity, args, { "pulumi.com/skipAwait": "true" });
  return {
    metadata: { ...metadata, name: `${identity.name}-headless` },
    spec: { clusterIP: "None", selector: identity.selector, ports },
  };
}

/** The spec of a StatefulSet, but for the name of its Service. */
export function statefulSetSpec(args: StatefulSetArgs, identity: Identity, problems: Problems) {
  const { replicas = 1, partition = 0, revisionHistoryLimit = 10, claims = {}, claimRetention = {} } = args;
  for (const [key, value] of Object.entries({ replicas, partition, revisionHistoryLimit })) {
    problems.unless(Number.isInteger(value) && value >= 0, key, value, "must be a whole number from 0");
  }
  return {
    replicas,
    selector: { matchLabels: identity.selector },
    podManagementPolicy: args.podManagementPolicy ?? "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } },
    revisionHistoryLimit,
    ...(Object.keys(claims).length > 0 && {
      volumeClaimTemplates: claimTemplates(claims, identity, problems),
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: "Retain",
        whenScaled: "Retain",
        ...claimRetention,
      },
    }),
    template: podTemplate(args, { ...identity, templates: Object.keys(claims) }, problems),
  };
}

const claimTemplates = (
  claims: Readonly<Record<string, Claim>>,
  { selector }: Identity,
  problems: Problems,
): k8s.types.input.core.v1.PersistentVolumeClaim[] =>
  Object.entries(claims).map(([name, { storage, storageClassName, accessModes = ["ReadWriteOnce"] }]) => {
    problems.unless(isDnsLabel(name), `claims.${name}`, undefined, DNS_LABEL);
    problems.unless(
      isQuantity(storage),
      `claims.${name}.storage`,
      storage,
      'must be a quantity, as in "10Gi"',
    );
    return {
      // Like the selector they must not change: what a StatefulSet makes claims from is immutable.
      metadata: { name, labels: selector },
      spec: {
        accessModes: [...accessModes],
        ...(storageClassName !== undefined && { storageClassName }),
        resources: { requests: { storage } },
      },
    };
  });
