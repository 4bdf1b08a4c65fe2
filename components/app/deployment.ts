import { strippedPrefix } from "../route/rule.ts";
import type { DeploymentArgs, Env } from "../workload/index.ts";
import type { DeploymentSpecArgs } from "../workload/deployment.ts";
import { type AppSpec, portsOf } from "./spec.ts";

/** Keys of an app that are not its pods'. */
const OTHERS = [
  "autoscaling",
  "disruptionBudget",
  "port",
  "servicePort",
  "exposure",
  "nodePort",
  "sessionAffinity",
  "secretEnv",
  "hosts",
  "path",
  "pathType",
  "headers",
  "query",
  "methods",
  "priority",
  "stripPrefix",
  "rootPathEnv",
  "kind",
  "middlewares",
  "nginx",
  "routeAnnotations",
  "canary",
] as const satisfies readonly (keyof AppSpec)[];

type PodSpec = Omit<AppSpec, (typeof OTHERS)[number]>;

const isOther = (key: string): boolean => (OTHERS as readonly string[]).includes(key);

/** The Deployment of an app: what it says of pods, and the variable that follows from its route. */
export function deploymentArgs(
  spec: AppSpec,
  replicas: DeploymentArgs["replicas"],
  secretEnv: Env = {},
): DeploymentSpecArgs {
  const pod = Object.fromEntries(Object.entries(spec).filter(([key]) => !isOther(key))) as unknown as PodSpec;
  const prefix = strippedPrefix(spec);
  const rootPath: Env =
    spec.rootPathEnv === undefined || prefix === undefined ? {} : { [spec.rootPathEnv]: prefix };
  return { ...pod, replicas, env: { ...rootPath, ...secretEnv, ...spec.env }, ports: portsOf(spec) };
}
