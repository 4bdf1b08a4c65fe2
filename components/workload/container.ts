import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { SourceRef } from "./config-source.ts";
import { type Env, envRefs, envVars } from "./env.ts";
import { containerPorts, type Ports } from "./ports.ts";
import { containerProbes, type Probes } from "./probe.ts";
import { resourceRequirements, type Resources } from "./resources.ts";
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

interface ContainerContext {
  readonly name: string;
  /** Prefix of its volumes' names; empty for the pod's main container. */
  readonly prefix: string;
  /** Path of its arguments, as the user knows them: "" or `sidecars.proxy.`. */
  readonly key: string;
  readonly templates: readonly string[];
}

/** A container as the restricted Pod Security Standard wants it. */
export function containerOf(
  args: ContainerArgs,
  context: ContainerContext,
  problems: Problems,
): ContainerParts {
  const { name, key } = context;
  const { env = {}, ports = {}, probes = {}, resources = {} } = args;
  problems.unless(args.image !== "", `${key}image`, args.image, "must be an image reference");
  for (const id of ["runAsUser", "runAsGroup"] as const) {
    const value = args[id];
    const ok = value === undefined || (Number.isInteger(value) && value > 0);
    problems.unless(ok, `${key}${id}`, value, "must be a whole number above 0: pods do not run as root");
  }
  const { volumes, volumeMounts } = containerVolumes(
    { writable: args.writable ?? [], mounts: args.mounts ?? {} },
    context,
    problems,
  );
  const container: types.input.core.v1.Container = {
    name,
    image: args.image,
    imagePullPolicy: args.imagePullPolicy ?? "IfNotPresent",
    ...(args.command && { command: [...args.command] }),
    ...(args.args && { args: [...args.args] }),
    ...filled("env", envVars(env, `${key}env`, problems)),
    ...filled("ports", containerPorts(ports, `${key}ports`, problems)),
    resources: resourceRequirements(resources, `${key}resources`, problems),
    ...containerProbes(probes, ports, `${key}probes`, problems),
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

/** A list under its key, or nothing where it is empty. */
const filled = <K extends string, T>(key: K, list: T[]): Partial<Record<K, T[]>> =>
  list.length === 0 ? {} : ({ [key]: list } as Record<K, T[]>);
