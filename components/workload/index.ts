export { autoscalerSpec, HorizontalPodAutoscaler, type HorizontalPodAutoscalerArgs } from "./autoscaler.ts";
export type { AccessMode, Claim } from "./claim.ts";
export { ConfigMap, type ConfigMapArgs } from "./config-map.ts";
export type { ConfigSource, SourceRef } from "./config-source.ts";
export type { ContainerArgs } from "./container.ts";
export { CronJob, type CronJobArgs } from "./cron-job.ts";
export { DaemonSet, type DaemonSetArgs } from "./daemon-set.ts";
export {
  Deployment,
  type DeploymentArgs,
  type DeploymentSpecArgs,
  deploymentSpec,
  type RollingUpdate,
} from "./deployment.ts";
export { disruptionLimit, PodDisruptionBudget, type PodDisruptionBudgetArgs } from "./disruption-budget.ts";
export type { Env, EnvSource, EnvValue, KeyRef } from "./env.ts";
export { Job, type JobArgs } from "./job.ts";
export { PersistentVolumeClaim, type PersistentVolumeClaimArgs } from "./persistent-volume-claim.ts";
export { type PodArgs, podTemplate } from "./pod.ts";
export type { ContainerPort, Ports } from "./ports.ts";
export type { Probe, Probes } from "./probe.ts";
export { PullSecret, type PullSecretArgs, type Registry } from "./pull-secret.ts";
export type { Quantities, Resources } from "./resources.ts";
export type { Scheduling, Spread, Toleration } from "./scheduling.ts";
export { Secret, type SecretArgs } from "./secret.ts";
export { StatefulSet, type StatefulSetArgs } from "./stateful-set.ts";
export type { Termination } from "./termination.ts";
export type { Mount, Mounts, Writable } from "./volumes.ts";
export type { WorkloadArgs } from "./workload.ts";
