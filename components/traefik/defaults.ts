import type { TraefikConfig } from "./args.ts";
import type { LifeCycleConfig } from "./pod-args.ts";
import type { EntryPointConfig, ServiceType } from "./entry-points.ts";
import { nginxClass } from "../route/traefik-names.ts";

/** An entry point with all its ports decided. */
export interface EntryPoint {
  /** Port Traefik listens on. */
  readonly port: number;
  /** Port of the Service. */
  readonly exposedPort: number;
  readonly nodePort: number | undefined;
  /** The port a client uses from outside, where it is known before `up`. */
  readonly reachable: number | undefined;
}

/** Value of `app.kubernetes.io/name` on Traefik's objects: the chart's own name. */
export const APP = "traefik";

/** Port of the chart's entry point `traefik`, which the probes ask. */
export const PING_PORT = 8080;

/** Path of the route by which a new pod shows that it has read the routes. */
export const READY_PATH = "/ready";

/** Default kind of the workload. */
export const kindOf = (config: TraefikConfig): "Deployment" | "DaemonSet" =>
  config.kind ?? (config.hostNetwork === true ? "DaemonSet" : "Deployment");

/** Default type of the Service. */
export const serviceTypeOf = ({
  service,
  hostNetwork,
}: Pick<TraefikConfig, "service" | "hostNetwork">): ServiceType =>
  service?.type ?? (hostNetwork === true ? "ClusterIP" : "LoadBalancer");

/** Default name of the IngressClass. */
export const ingressClassOf = (config: TraefikConfig): string =>
  config.ingressClass ?? `${config.stack.project}-${config.stack.stack}`;

/** Name of the IngressClass whose Ingresses are read with ingress-nginx annotations. */
export const nginxIngressClassOf = (config: TraefikConfig): string => nginxClass(ingressClassOf(config));

/** Name of the controller in that IngressClass: the stack's own, so that two stacks stay apart. */
export const nginxControllerOf = (config: TraefikConfig): string =>
  `slipway.dev/ingress-nginx-${ingressClassOf(config)}`;

/** What decides where clients come in. */
type EntryPointsConfig = Pick<TraefikConfig, "web" | "websecure" | "ports" | "service" | "hostNetwork">;

/** The entry point of plain http. */
export const webOf = (config: EntryPointsConfig): EntryPoint =>
  entryPoint(config, config.web, { port: 8000, exposedPort: 80 });

/** The entry point of https. */
export const websecureOf = (config: EntryPointsConfig): EntryPoint =>
  entryPoint(config, config.websecure, { port: 8443, exposedPort: 443 });

/** All entry points for apps by name. */
export const entryPointsOf = (
  config: EntryPointsConfig,
): { readonly [name: string]: EntryPoint; readonly web: EntryPoint; readonly websecure: EntryPoint } => ({
  ...Object.fromEntries(portsOf(config)),
  web: webOf(config),
  websecure: websecureOf(config),
});

/** Further entry points by name. */
export const portsOf = (config: EntryPointsConfig): readonly (readonly [string, EntryPoint])[] =>
  Object.entries(config.ports ?? {}).map(([name, port]) => [
    name,
    entryPoint(config, port, { port: port.port, exposedPort: port.port }),
  ]);

/**
 * Clients of a NodePort Service use the node port, so the Service has it too: then one number holds inside and outside
 * the cluster, and the chart's redirect, which leads to the Service's port, leads where clients can go.
 */
function entryPoint(
  config: EntryPointsConfig,
  given: Pick<EntryPointConfig, "port" | "exposedPort" | "nodePort"> = {},
  usual: { readonly port: number; readonly exposedPort: number },
): EntryPoint {
  const nodePort = given.nodePort;
  if (config.hostNetwork === true) {
    const port = given.port ?? usual.exposedPort;
    return { port, exposedPort: given.exposedPort ?? port, nodePort, reachable: port };
  }
  const port = given.port ?? usual.port;
  if (serviceTypeOf(config) !== "NodePort") {
    const exposedPort = given.exposedPort ?? usual.exposedPort;
    return { port, exposedPort, nodePort, reachable: exposedPort };
  }
  const exposedPort = given.exposedPort ?? nodePort ?? usual.exposedPort;
  const known = nodePort !== undefined || given.exposedPort !== undefined;
  return { port, exposedPort, nodePort, reachable: known ? exposedPort : undefined };
}

/** Seconds of a pod's end. */
export function lifeCycleOf(config: TraefikConfig): {
  readonly [K in keyof Omit<LifeCycleConfig, "keepAliveMaxTime">]-?: number;
} {
  return {
    requestAcceptGraceTimeout: config.lifeCycle?.requestAcceptGraceTimeout ?? 5,
    graceTimeOut: config.lifeCycle?.graceTimeOut ?? 20,
    terminationGracePeriodSeconds: config.lifeCycle?.terminationGracePeriodSeconds ?? 30,
  };
}
