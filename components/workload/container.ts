import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { SourceRef } from "./config-source.ts";
import { imageReference, positive, rule } from "../base/rules/index.ts";
import { checkEnv, type Env, envRefs, envVars } from "./env.ts";
import { checkContainerPorts, containerPorts, type Ports } from "./container-ports.ts";
import { checkProbes, containerProbes, type Probes } from "./probe.ts";
import { checkResources, resourceRequirements, type Resources } from "./resources.ts";
import { checkVolumes } from "./volume-checks.ts";
import { containerVolumes, mountRefs, type Mounts, type Volume, type Writable } from "./volumes.ts";

/** A container: what it runs, and what it may. */
export interface ContainerArgs {
  /** Image reference, with its registry where it has one: `registry.example/slipway-web:3f2a`. */
  readonly image: pulumi.Input<string>;
  /** When a node pulls the image. @default "IfNotPresent" */
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never" | undefined;
  /**
   * Program in place of the image's entry point.
   * @default the image's
   * @minLength 0
   */
  readonly command?: readonly pulumi.Input<string>[] | undefined;
  /**
   * Arguments in place of the image's.
   * @default the image's
   * @minLength 0
   */
  readonly args?: readonly pulumi.Input<string>[] | undefined;
  /** Environment variables by name: a value, or where it comes from. @default none */
  readonly env?: Env | undefined;
  /**
   * Ports by name, `{ http: 8080 }`. Those below 1024 are for root, which no pod is, unless the container runtime opens them
   * to all.
   * @default none: nothing is served
   */
  readonly ports?: Ports | undefined;
  /** What it is promised, and what it may not exceed. @default 50m to 500m CPU, 64Mi to 256Mi memory */
  readonly resources?: Resources | undefined;
  /** Health checks; a string is a path that is asked by GET. @default none */
  readonly probes?: Probes | undefined;
  /** Directories it may write to, for its root file system is read-only: `["/tmp"]`. @default none */
  readonly writable?: readonly (string | Writable)[] | undefined;
  /** ConfigMaps, Secrets and volumes by the path they are mounted at. @default none */
  readonly mounts?: Mounts | undefined;
  /** User the program runs as, not 0. @default the image's, which must be a number and not 0 */
  readonly runAsUser?: number | undefined;
  /** Group the program runs as, not 0. @default the image's */
  readonly runAsGroup?: number | undefined;
  /** Whether nothing but `writable` and `mounts` can be written to. @default true */
  readonly readOnlyRootFilesystem?: boolean | undefined;
}

/** What a container needs of its pod, and the container. */
export interface ContainerParts {
  readonly container: types.input.core.v1.Container;
  readonly volumes: Volume[];
  readonly refs: readonly SourceRef[];
}

/** A container as the restricted Pod Security Standard wants it. */
export function containerOf(
  args: ContainerArgs,
  /** `prefix` is of its volumes' names; empty for the pod's main container. */
  { name, prefix }: { readonly name: string; readonly prefix: string },
): ContainerParts {
  const { env = {}, ports = {}, probes = {}, resources = {} } = args;
  const { volumes, volumeMounts } = containerVolumes(args, prefix);
  const container: types.input.core.v1.Container = {
    name,
    image: args.image,
    imagePullPolicy: args.imagePullPolicy ?? "IfNotPresent",
    ...(args.command && { command: [...args.command] }),
    ...(args.args && { args: [...args.args] }),
    ...filled("env", envVars(env)),
    ...filled("ports", containerPorts(ports)),
    resources: resourceRequirements(resources),
    ...containerProbes(probes, ports),
    ...filled("volumeMounts", volumeMounts),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: args.readOnlyRootFilesystem ?? true,
      ...(args.runAsUser !== undefined && { runAsUser: args.runAsUser }),
      ...(args.runAsGroup !== undefined && { runAsGroup: args.runAsGroup }),
    },
    // The last lines of the log become the reason that kubectl and Pulumi show for a container that failed.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
  return { container, volumes, refs: [...envRefs(env), ...mountRefs(args.mounts)] };
}

/** A user or group that is not root's. */
const unprivileged = rule<number>("must be a whole number above 0: pods do not run as root", positive.test);

/**
 * Records what is wrong with a container.
 * @param templates names of the claims that a StatefulSet makes
 */
export function checkContainer(args: ContainerArgs, templates: readonly string[], problems: Problems): void {
  const { env = {}, ports = {}, probes = {}, resources = {} } = args;
  problems.check("image", args.image, imageReference);
  problems.check("runAsUser", args.runAsUser, unprivileged);
  problems.check("runAsGroup", args.runAsGroup, unprivileged);
  checkVolumes(args, templates, problems);
  checkEnv(env, problems.at("env"));
  checkContainerPorts(ports, problems.at("ports"));
  checkResources(resources, problems.at("resources"));
  checkProbes(probes, ports, problems.at("probes"));
}

/** A list under its key, or nothing where it is empty. */
const filled = <K extends string, T>(key: K, list: T[]): Partial<Record<K, T[]>> =>
  list.length === 0 ? {} : ({ [key]: list } as Record<K, T[]>);
