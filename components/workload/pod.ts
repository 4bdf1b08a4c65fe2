import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StringMap } from "../base/labels.ts";
import { nameOf } from "../base/named.ts";
import { checksumAnnotation, type SourceRef } from "./config-source.ts";
import { type ContainerArgs, containerOf, type ContainerParts } from "./container.ts";
import { type Scheduling, schedulingOf } from "./scheduling.ts";
import { type Termination, terminationOf } from "./termination.ts";
import type { Volume } from "./volumes.ts";

/** A pod: its main container, and what surrounds it. */
export interface PodArgs extends ContainerArgs, Termination, Scheduling {
  /** Containers that run to their end, one after another, before the main one starts. @default none */
  readonly initContainers?: Readonly<Record<string, ContainerArgs>> | undefined;
  /**
   * Containers beside the main one. They start first, in the order given, each when the one before has started (its
   * startup probe, where it has one), and end last.
   * @default none
   */
  readonly sidecars?: Readonly<Record<string, ContainerArgs>> | undefined;
  /** Secrets with the passwords of private registries. @default none */
  readonly pullSecrets?: readonly SourceRef[] | undefined;
  /** Service account of the pods. @default the namespace's default, without a token */
  readonly serviceAccountName?: pulumi.Input<string> | undefined;
  /** Whether the pod may talk to the API server as its service account. @default false */
  readonly automountServiceAccountToken?: boolean | undefined;
  /**
   * Whether the namespace's Services are told in the environment, `WEB_SERVICE_HOST` and `WEB_SERVICE_PORT`, besides DNS.
   * Only those that exist when the pod starts are, and a Service `uvicorn` would set the program's `UVICORN_PORT`.
   * @default false
   */
  readonly enableServiceLinks?: boolean | undefined;
  /** Group that owns the files of mounted volumes. @default the file systems' own */
  readonly fsGroup?: number | undefined;
  /**
   * Any text, as today's date: another one than before replaces the pods as another image would, and runs a Job again. What
   * `kubectl rollout restart` does, but for the program's pods to stay what it says.
   * @default none
   */
  readonly restart?: string | number | undefined;
  /** Annotations of the pods themselves. @default none */
  readonly podAnnotations?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/** What a workload knows of its pods. */
export interface PodContext {
  /** Name of the main container. */
  readonly name: string;
  readonly podLabels: StringMap;
  readonly selector: StringMap;
  /** @default "Always" */
  readonly restartPolicy?: "OnFailure" | "Never";
}

/** Annotation of a pod template that changes for no other reason than to replace the pods. */
const RESTART_ANNOTATION = "slipway.dev/restart";

type Containers = Readonly<Record<string, ContainerArgs>>;

/** Whether requests may come while a pod ends. */
export const serves = ({ ports = {} }: Pick<PodArgs, "ports">): boolean => Object.keys(ports).length > 0;

/** The pod template of a workload: restricted, with limits, and an end that loses no request. */
export function podTemplate(
  args: PodArgs,
  { name, podLabels, selector, restartPolicy }: PodContext,
): types.input.core.v1.PodTemplateSpec {
  const others = (containers: Containers = {}) =>
    Object.entries(containers).map(([other, container]) =>
      containerOf(container, { name: other, prefix: other }),
    );
  const main = containerOf(args, { name, prefix: "" });
  const inits = others(args.initContainers);
  const sidecars = others(args.sidecars);

  const termination = terminationOf(args, serves(args));
  const all = [...sidecars, ...inits, main];
  const before = [
    ...sidecars.map(({ container }) => ({ ...container, restartPolicy: "Always" })),
    ...inits.map(({ container }) => container),
  ];
  const volumes = volumesOf(all);
  const annotations = {
    ...args.podAnnotations,
    ...(args.restart !== undefined && { [RESTART_ANNOTATION]: String(args.restart) }),
    ...checksumAnnotation(all.flatMap(({ refs }) => refs)),
  };

  return {
    metadata: { labels: podLabels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      automountServiceAccountToken: args.automountServiceAccountToken ?? false,
      ...(args.serviceAccountName !== undefined && { serviceAccountName: args.serviceAccountName }),
      enableServiceLinks: args.enableServiceLinks ?? false,
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
        ...(args.fsGroup !== undefined && { fsGroup: args.fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
      },
      ...(restartPolicy && { restartPolicy }),
      terminationGracePeriodSeconds: termination.terminationGracePeriodSeconds,
      ...(args.pullSecrets && {
        imagePullSecrets: args.pullSecrets.map((ref) => ({ name: nameOf(ref) })),
      }),
      ...(before.length > 0 && { initContainers: before }),
      containers: [{ ...main.container, ...termination.container }],
      ...(volumes.length > 0 && { volumes }),
      ...schedulingOf(args, selector),
    },
  };
}

/** The volumes of all containers; a directory they share is one volume. */
const volumesOf = (parts: readonly ContainerParts[]): Volume[] => [
  ...new Map(parts.flatMap(({ volumes }) => volumes.map((volume) => [volume.name, volume]))).values(),
];
