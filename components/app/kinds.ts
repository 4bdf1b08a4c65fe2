import type { CronJobArgs, DaemonSetArgs, JobArgs, StatefulSetArgs } from "../workload/index.ts";

interface Tagged<K> {
  /** Tells it from the other kinds. */
  readonly kind: K;
}

/** Pods that serve and have no names of their own: a Deployment, which has its keys beside `workload`. */
export type DeploymentKind = Tagged<"deployment">;

/** Pods with names and volumes of their own. */
export interface StatefulSetKind
  extends
    Tagged<"statefulSet">,
    Pick<
      StatefulSetArgs,
      "podManagementPolicy" | "partition" | "claims" | "claimRetention" | "timeoutSeconds"
    > {}

/** One pod on each node. */
export interface DaemonSetKind
  extends Tagged<"daemonSet">, Pick<DaemonSetArgs, "maxUnavailable" | "timeoutSeconds"> {}

type Run = "backoffLimit" | "activeDeadlineSeconds" | "completions" | "parallelism";

/** A run as a part of `up`, which waits for it: once, and again when the pod changes. */
export interface JobKind extends Tagged<"job">, Pick<JobArgs, Run> {}

/** Runs at set times. */
export interface CronJobKind
  extends
    Tagged<"cronJob">,
    Pick<
      CronJobArgs,
      | Run
      | "schedule"
      | "timeZone"
      | "concurrencyPolicy"
      | "startingDeadlineSeconds"
      | "successfulJobsHistoryLimit"
      | "failedJobsHistoryLimit"
      | "suspend"
    > {}

/** Which kind of workload an app's pods are, with what that kind alone is told. */
export type WorkloadKind = DeploymentKind | StatefulSetKind | DaemonSetKind | JobKind | CronJobKind;

type Kind = WorkloadKind["kind"];

/** What users call each kind. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  deployment: "Deployment",
  statefulSet: "StatefulSet",
  daemonSet: "DaemonSet",
  job: "Job",
  cronJob: "CronJob",
};

/** An app, as far as its kind is told. */
export interface OfKind {
  readonly workload?: WorkloadKind | undefined;
}

/** Kind of an app's workload. */
export const kindOf = ({ workload }: OfKind): Kind => workload?.kind ?? "deployment";

/** Whether an app answers requests, rather than running to an end. */
export const isServing = (app: OfKind): boolean => !["job", "cronJob"].includes(kindOf(app));

/** Keys that only some kinds take, by those kinds. */
const TAKEN_BY = {
  serving: new Set(
    [
      ["port", "ports", "servicePort", "exposure", "nodePort", "sessionAffinity"],
      ["route", "host", "hosts", "path", "pathType", "headers", "query", "methods", "priority"],
      [
        "stripPrefix",
        "rootPathEnv",
        "kind",
        "certificate",
        "middlewares",
        "nginx",
        "annotations",
        "routeAnnotations",
      ],
      ["portal", "probes", "signIn", "metrics"],
    ].flat(),
  ),
  numbered: new Set(["replicas", "disruptionBudget", "revisionHistoryLimit"]),
  deployment: new Set([
    "strategy",
    "minReadySeconds",
    "paused",
    "progressDeadlineSeconds",
    "autoscaling",
    "canary",
  ]),
} as const;

/** Why an app of this kind cannot be told a key; `undefined` where it can. */
export function unsuited(key: string, app: OfKind): string | undefined {
  const kind = kindOf(app);
  const name = KIND_NAMES[kind];
  if (TAKEN_BY.serving.has(key) && !isServing(app)) {
    return `is for what serves: a ${name} runs to its end, and has no Service and no route`;
  }
  if (TAKEN_BY.numbered.has(key) && !["deployment", "statefulSet"].includes(kind)) {
    return kind === "daemonSet"
      ? `is not for a ${name}: it has one pod on each node`
      : `is not for a ${name}: see workload.completions and workload.parallelism`;
  }
  if (TAKEN_BY.deployment.has(key) && kind !== "deployment") return `is for a Deployment, not for a ${name}`;
  return undefined;
}
