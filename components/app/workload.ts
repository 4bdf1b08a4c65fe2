import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { without } from "../base/values.ts";
import { scrapeAnnotations, withMetricsPort } from "../monitoring/scraping.ts";
import { strippedPrefix } from "../route/rule.ts";
import { checkCronJob } from "../workload/cron-job.ts";
import { checkDaemonSet } from "../workload/daemon-set.ts";
import { checkDeployment, type DeploymentSpecArgs } from "../workload/deployment.ts";
import {
  CronJob,
  DaemonSet,
  Deployment,
  type Env,
  Job,
  type PodArgs,
  StatefulSet,
  type WorkloadArgs,
} from "../workload/index.ts";
import { checkRun } from "../workload/job.ts";
import { checkStatefulSet, NOBODYS_GROUP } from "../workload/stateful-set.ts";
import { isServing } from "./kinds.ts";
import { type AppSpec, portsOf } from "./spec.ts";

/** What an app's pods are of. */
export type AppWorkload = Deployment | StatefulSet | DaemonSet | Job | CronJob;

/** Keys of an app that are not its pods'. */
const OTHERS: Readonly<Record<Exclude<keyof AppSpec, keyof PodArgs>, true>> = {
  workload: true,
  claims: true,
  replicas: true,
  strategy: true,
  minReadySeconds: true,
  revisionHistoryLimit: true,
  paused: true,
  progressDeadlineSeconds: true,
  autoscaling: true,
  disruptionBudget: true,
  port: true,
  servicePort: true,
  exposure: true,
  nodePort: true,
  sessionAffinity: true,
  secretEnv: true,
  hosts: true,
  path: true,
  pathType: true,
  headers: true,
  query: true,
  methods: true,
  priority: true,
  stripPrefix: true,
  rootPathEnv: true,
  kind: true,
  certificate: true,
  middlewares: true,
  nginx: true,
  routeAnnotations: true,
  canary: true,
  metrics: true,
};

/** Ports of pods that serve, and the annotations by which their metrics are found. */
function servingArgs(spec: AppSpec): Pick<PodArgs, "ports" | "podAnnotations"> {
  const { metrics, podAnnotations } = spec;
  const ports = portsOf(spec);
  if (metrics === undefined) return { ports };
  const { scraping = { kind: "annotations" } } = metrics;
  return {
    ports: withMetricsPort(ports, metrics),
    ...(scraping.kind === "annotations" && {
      podAnnotations: { ...scrapeAnnotations(ports, metrics), ...podAnnotations },
    }),
  };
}

/** The pods of an app: what it says of them, and the variable that follows from its route. */
function podArgs(spec: AppSpec, secretEnv: Env): PodArgs {
  const pod = without(spec, OTHERS);
  const prefix = strippedPrefix(spec);
  const rootPath: Env =
    spec.rootPathEnv === undefined || prefix === undefined ? {} : { [spec.rootPathEnv]: prefix };
  return {
    ...pod,
    env: { ...rootPath, ...secretEnv, ...spec.env },
    ...(isServing(spec) && servingArgs(spec)),
    ...(spec.claims && { fsGroup: spec.fsGroup ?? NOBODYS_GROUP }),
  };
}

/** The Deployment of an app, as far as the app says what it is. */
export const deploymentArgs = (
  spec: AppSpec,
  replicas: DeploymentSpecArgs["replicas"],
  secretEnv: Env = {},
): DeploymentSpecArgs => {
  const { strategy, minReadySeconds, revisionHistoryLimit, paused, progressDeadlineSeconds } = spec;
  return {
    ...podArgs(spec, secretEnv),
    replicas,
    strategy,
    minReadySeconds,
    revisionHistoryLimit,
    paused,
    progressDeadlineSeconds,
  };
};

/** Makes the workload of an app. */
export function createWorkload(
  name: string,
  spec: AppSpec,
  secretEnv: Env,
  place: Pick<WorkloadArgs, "stack" | "namespace" | "labels">,
  opts: pulumi.CustomResourceOptions,
): AppWorkload {
  const { workload, replicas, revisionHistoryLimit, autoscaling } = spec;
  const args = { ...place, ...podArgs(spec, secretEnv), ...workload };
  switch (workload?.kind) {
    case "statefulSet":
      return new StatefulSet(name, { ...args, replicas, revisionHistoryLimit }, opts);
    case "daemonSet":
      return new DaemonSet(name, args, opts);
    case "job":
      return new Job(name, args, opts);
    case "cronJob":
      return new CronJob(name, { ...args, schedule: workload.schedule }, opts);
    default: {
      const number = autoscaling === undefined ? replicas : "autoscaled";
      return new Deployment(name, { ...place, ...deploymentArgs(spec, number, secretEnv) }, opts);
    }
  }
}

/** Records what is wrong with the workload of an app; what its kind alone is told is below `workload`. */
export function checkWorkload(name: string, spec: AppSpec, problems: Problems): void {
  const { workload, replicas, revisionHistoryLimit } = spec;
  const args = { ...podArgs(spec, {}), ...workload };
  const found = new Problems("");
  switch (workload?.kind) {
    case "statefulSet":
      checkStatefulSet(name, { ...args, replicas, revisionHistoryLimit }, found);
      break;
    case "daemonSet":
      checkDaemonSet(name, args, found);
      break;
    case "job":
      checkRun(name, args, found);
      break;
    case "cronJob":
      checkCronJob(name, { ...args, schedule: workload.schedule }, found);
      break;
    default:
      checkDeployment(name, deploymentArgs(spec, replicas), found);
  }
  for (const { key, value, allowed } of found.found) {
    const [first = ""] = key.split(/[.[]/);
    problems.add(workload !== undefined && first in workload ? `workload.${key}` : key, value, allowed);
  }
}
