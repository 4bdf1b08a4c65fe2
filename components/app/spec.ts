import type * as pulumi from "@pulumi/pulumi";

import type { StringMap } from "../base/labels.ts";
import type { MiddlewareRef, NginxOptions, PathType, RouteKind, TextMatch } from "../route/index.ts";
import type { Exposure, ServicePorts, ServiceSpecArgs } from "../service/index.ts";
import type { DeploymentArgs, Env, PodDisruptionBudgetArgs } from "../workload/index.ts";

/** A new version of an app that gets part of its requests. */
export interface Canary {
  readonly image: pulumi.Input<string>;
  /** Percent of the requests, from 0 to 100. */
  readonly weight: number;
  /** @default 1 */
  readonly replicas?: number | undefined;
  /** Variables that differ from the app's. @default none */
  readonly env?: Env | undefined;
}

/** How the number of an app's pods follows its load. */
export interface Autoscaling {
  /** @default 1 */
  readonly minReplicas?: number | undefined;
  readonly maxReplicas: number;
  /** Average use to keep, percent of the CPU requested. @default 80, unless `memory` is given */
  readonly cpu?: number | undefined;
  /** Average use to keep, percent of the memory requested. @default not looked at */
  readonly memory?: number | undefined;
}

/** Arguments of an app's Deployment that say where and whose it is, which the app knows. */
type Known = "stack" | "namespace" | "appName" | "labels" | "annotations" | "replicas" | "transform";

/** An app, said once: what it runs, and where clients find it. */
export interface AppSpec extends Omit<DeploymentArgs, Known> {
  /** Number of pods. Rejected together with `autoscaling`. @default 1 */
  readonly replicas?: number | undefined;
  /** Lets the load decide the number of pods. @default fixed */
  readonly autoscaling?: Autoscaling | undefined;
  /**
   * What a drain leaves of the pods; `true` for all but one.
   * @default false
   */
  readonly disruptionBudget?:
    | boolean
    | Pick<PodDisruptionBudgetArgs, "maxUnavailable">
    | Pick<PodDisruptionBudgetArgs, "minAvailable">
    | undefined;
  /** Port the container listens on, called `http`. Rejected together with `ports`. @default 8080 */
  readonly port?: number | undefined;
  /** Port of the Service that leads to the container's first port; the others keep their numbers. @default 80 */
  readonly servicePort?: number | undefined;
  /** How the Service is reached besides the route. @default `{ kind: "clusterIP" }` */
  readonly exposure?: Exclude<Exposure, { kind: "externalName" }> | undefined;
  /** Node port of the Service's first port; without `exposure` it stands for the exposure `nodePort`. */
  readonly nodePort?: number | undefined;
  readonly sessionAffinity?: ServiceSpecArgs["sessionAffinity"];
  /** Environment variables that nobody may read: they reach the pods by way of a Secret. @default none */
  readonly secretEnv?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** Hosts it is published at. Empty for an app that is not published. */
  readonly hosts: readonly string[];
  /** Path prefix it is published at. @default "/" */
  readonly path?: string | undefined;
  /** @default "prefix" */
  readonly pathType?: PathType | undefined;
  readonly headers?: Readonly<Record<string, TextMatch>> | undefined;
  readonly query?: Readonly<Record<string, TextMatch>> | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly priority?: number | undefined;
  /** Takes the path off before the app sees it. @default false */
  readonly stripPrefix?: boolean | undefined;
  /** Variable that tells the app the prefix that was taken off: `UVICORN_ROOT_PATH`. @default it is not told */
  readonly rootPathEnv?: string | undefined;
  /** Which object publishes it. @default "ingressRoute" */
  readonly kind?: RouteKind | undefined;
  /** Annotations of ingress-nginx without their prefix, for kind `ingress`: `{ "rewrite-target": "/$2" }`. @default none */
  readonly nginx?: NginxOptions | undefined;
  /** What its requests go through. @default none */
  readonly middlewares?: readonly MiddlewareRef[] | undefined;
  /** Annotations of the route. @default none */
  readonly routeAnnotations?: StringMap | undefined;
  /** @default none */
  readonly canary?: Canary | undefined;
}

/** The container's ports by name. */
export const portsOf = ({ ports, port = 8080 }: AppSpec): NonNullable<DeploymentArgs["ports"]> =>
  ports ?? { http: port };

/** The Service's ports: the first one at `servicePort`, the others at the container's own numbers. */
export function servicePortsOf(spec: AppSpec): ServicePorts {
  const { servicePort = 80, nodePort } = spec;
  return Object.fromEntries(
    Object.entries(portsOf(spec)).map(([name, port], index) => {
      const { port: number, protocol } = typeof port === "number" ? { port } : port;
      return [
        name,
        { port: index === 0 ? servicePort : number, protocol, nodePort: index === 0 ? nodePort : undefined },
      ];
    }),
  );
}

/** Whether annotations of ingress-nginx say themselves what becomes of plain http. */
export const decidesRedirect = (nginx: NginxOptions): boolean =>
  "ssl-redirect" in nginx || "force-ssl-redirect" in nginx;

/** How the Service is reached. */
export const exposureOf = ({ exposure, nodePort }: AppSpec): AppSpec["exposure"] =>
  exposure ?? (nodePort === undefined ? undefined : { kind: "nodePort" });
