export { App, type AppArgs } from "./app.ts";
export type { AppClaim } from "./claims.ts";
export type {
  CronJobKind,
  DaemonSetKind,
  DeploymentKind,
  JobKind,
  StatefulSetKind,
  WorkloadKind,
} from "./kinds.ts";
export type { AppSpec, Autoscaling, Canary } from "./spec.ts";
export type { AppWorkload } from "./workload.ts";
