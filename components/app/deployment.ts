import { without } from "../base/values.ts";
import { strippedPrefix } from "../route/rule.ts";
import type { DeploymentArgs, Env } from "../workload/index.ts";
import type { DeploymentSpecArgs } from "../workload/deployment.ts";
import { type AppSpec, portsOf } from "./spec.ts";

/** Keys of an app that are not its Deployment's. */
const OTHERS: Readonly<Record<Exclude<keyof AppSpec, keyof DeploymentSpecArgs>, true>> = {
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
  middlewares: true,
  nginx: true,
  routeAnnotations: true,
  canary: true,
};

/** The Deployment of an app: what it says of pods, and the variable that follows from its route. */
export function deploymentArgs(
  spec: AppSpec,
  replicas: DeploymentArgs["replicas"],
  secretEnv: Env = {},
): DeploymentSpecArgs {
  const pod = without(spec, OTHERS);
  const prefix = strippedPrefix(spec);
  const rootPath: Env =
    spec.rootPathEnv === undefined || prefix === undefined ? {} : { [spec.rootPathEnv]: prefix };
  return { ...pod, replicas, env: { ...rootPath, ...secretEnv, ...spec.env }, ports: portsOf(spec) };
}
