import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { DNS_LABEL, isDnsLabel } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { nameOf } from "../base/named.ts";
import { checksumAnnotation, type SourceRef } from "./config-source.ts";
import { type ContainerArgs, containerOf, type ContainerParts } from "./container.ts";
import { type Scheduling, schedulingOf } from "./scheduling.ts";
import { type Termination, terminationTimes } from "./termination.ts";
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
  /** Annotations of the pods themselves. @default none */
  readonly podAnnotations?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/** What a workload knows of its pods. */
export interface PodContext {
  /** Name of the main container. */
  readonly name: string;
  readonly podLabels: StringMap;
  readonly selector: StringMap;
  /** Names of the claims a StatefulSet makes. */
  readonly templates?: readonly string[];
  /** @default "Always" */
  readonly restartPolicy?: "OnFailure" | "Never";
}

/** The pod template of a workload: restricted, with limits, and an end that loses no request. */
export function podTemplate(
  args: PodArgs,
  { name, podLabels, selector, templates = [], restartPolicy }: PodContext,
  problems: Problems,
): types.input.core.v1.PodTemplateSpec {
  const others = (key: "initContainers" | "sidecars") =>
    Object.entries(args[key] ?? {}).map(([other, container]) => {
      problems.unless(isDnsLabel(other), `${key}.${other}`, undefined, DNS_LABEL);
      problems.unless(other !== name, `${key}.${other}`, undefined, "has the name of the main container");
      const context = { name: other, prefix: other, key: `${key}.${other}.`, templates };
      return containerOf(container, context, problems);
    });
  const main = containerOf(args, { name, prefix: "", key: "", templates }, problems);
  const inits = others("initContainers");
  const sidecars = others("sidecars");
  for (const init of Object.keys(args.initContainers ?? {})) {
    problems.unless(
      !(init in (args.sidecars ?? {})),
      `initContainers.${init}`,
      undefined,
      "is a sidecar too",
    );
  }

  const serves = Object.keys(args.ports ?? {}).length > 0;
  const { preStopSeconds, terminationGracePeriodSeconds } = terminationTimes(args, serves, problems);
  const all = [...sidecars, ...inits, main];
  const before = [
    ...sidecars.map(({ container }) => ({ ...container, restartPolicy: "Always" })),
    ...inits.map(({ container }) => container),
  ];
  const volumes = volumesOf(all, templates, problems);
  const annotations = { ...args.podAnnotations, ...checksumAnnotation(all.flatMap(({ refs }) => refs)) };

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
      terminationGracePeriodSeconds,
      ...(args.pullSecrets && {
        imagePullSecrets: args.pullSecrets.map((ref) => ({ name: nameOf(ref) })),
      }),
      ...(before.length > 0 && { initContainers: before }),
      containers: [
        {
          ...main.container,
          ...(preStopSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } } }),
        },
      ],
      ...(volumes.length > 0 && { volumes }),
      ...schedulingOf(args, selector, problems),
    },
  };
}

/** The volumes of all containers; a directory they share is one volume. */
function volumesOf(
  parts: readonly ContainerParts[],
  templates: readonly string[],
  problems: Problems,
): Volume[] {
  const byName = new Map<string, Volume>();
  for (const volume of parts.flatMap(({ volumes }) => volumes)) {
    const other = byName.get(volume.name);
    // Kubernetes would mount the claim in the other's place, and of two others the last.
    if (templates.includes(volume.name)) {
      problems.add(`claims.${volume.name}`, undefined, "has the name of another volume of the pod");
    } else if (other !== undefined && !(isShared(volume) && isShared(other))) {
      problems.add("mounts", volume.name, "is the name of two volumes, made of their paths: change one path");
    }
    byName.set(volume.name, volume);
  }
  return [...byName.values()];
}

/** Only a directory that containers share has no limit of its own. */
const isShared = ({ emptyDir }: Volume): boolean => emptyDir !== undefined && !("sizeLimit" in emptyDir);
