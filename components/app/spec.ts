import type * as pulumi from "@pulumi/pulumi";

import type { StringMap } from "../base/labels.ts";
import type { ScrapedMetrics } from "../monitoring/scraping.ts";
import type { CertificateSource } from "../platform/certificate-source.ts";
import type { MiddlewareRef, NginxOptions, PathType, RouteKind, TextMatch } from "../route/index.ts";
import type { Exposure, ServicePorts } from "../service/index.ts";
import type { ServiceSpecArgs } from "../service/spec.ts";
import type {
  DeploymentArgs,
  Env,
  HorizontalPodAutoscalerArgs,
  PodDisruptionBudgetArgs,
} from "../workload/index.ts";
import type { AppClaim } from "./claims.ts";
import type { WorkloadKind } from "./kinds.ts";

/** A new version of an app that gets part of its requests. */
export interface Canary {
  /** Image of the new version. */
  readonly image: pulumi.Input<string>;
  /** Percent of the requests, from 0 to 100. */
  readonly weight: number;
  /** Pods of the new version. @default 1 */
  readonly replicas?: number | undefined;
  /** Variables that differ from the app's. @default none */
  readonly env?: Env | undefined;
}

/** How the number of an app's pods follows its load. */
export type Autoscaling = Pick<HorizontalPodAutoscalerArgs, "minReplicas" | "maxReplicas" | "cpu" | "memory">;

/** Arguments of an app's Deployment that say where and whose it is, which the app knows. */
type Known = "stack" | "namespace" | "objectName" | "labels" | "annotations" | "replicas" | "transform";

/** An app, said once: what it runs, and where clients find it. */
export interface AppSpec extends Omit<DeploymentArgs, Known> {
  /**
   * What its pods are of: a Deployment, StatefulSet, DaemonSet, Job or CronJob, with what that kind alone is told. A Job and a
   * CronJob have no Service and no route. Keys that the kind does not know are rejected.
   * @default `{ kind: "deployment" }`
   */
  readonly workload?: WorkloadKind | undefined;
  /**
   * Volumes of the app by name, which all its pods share: PersistentVolumeClaims called `<app>-<name>`. A container mounts one as
   * `{ claim: <name> }`; rejected when none does. Volumes of each pod's own are a StatefulSet's `workload.claims`.
   * @default none
   */
  readonly claims?: Readonly<Record<string, AppClaim>> | undefined;
  /**
   * Group that owns the files of mounted volumes, and that the pods' user is in.
   * @default 65532 with claims, which only root could write otherwise; else the file systems' own
   */
  readonly fsGroup?: number | undefined;
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
  /** Node port of the Service's first port; without `exposure` it stands for the exposure `nodePort`. @default none */
  readonly nodePort?: number | undefined;
  readonly sessionAffinity?: ServiceSpecArgs["sessionAffinity"];
  /**
   * Environment variables that nobody may read: they reach the pods by way of a Secret.
   * @default none
   * @secret
   */
  readonly secretEnv?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** Hosts it is published at. Empty for an app that is not published. */
  readonly hosts: readonly string[];
  /** Path it is published at: the prefix `/api` is `/api` and `/api/…`, not `/apifoo`. @default "/" */
  readonly path?: string | undefined;
  /** How the path is compared. @default "prefix" */
  readonly pathType?: PathType | undefined;
  /** Headers a request must have, by name: a value, or `{ regex }`. @default any */
  readonly headers?: Readonly<Record<string, TextMatch>> | undefined;
  /** Query parameters a request must have, by name: a value, or `{ regex }`. @default any */
  readonly query?: Readonly<Record<string, TextMatch>> | undefined;
  /** HTTP methods, one of which a request has: `["GET", "HEAD"]`. @default every method */
  readonly methods?: readonly string[] | undefined;
  /** Which of several routes is asked first; the highest is. @default the more specific route */
  readonly priority?: number | undefined;
  /** Takes the path off before the app sees it. @default false */
  readonly stripPrefix?: boolean | undefined;
  /** Variable that tells the app the prefix that was taken off: `UVICORN_ROOT_PATH`. @default it is not told */
  readonly rootPathEnv?: string | undefined;
  /** Which object publishes it. @default "ingressRoute" */
  readonly kind?: RouteKind | undefined;
  /** Annotations of ingress-nginx without their prefix, for kind `ingress`: `{ "rewrite-target": "/$2" }`. @default none */
  readonly nginx?: NginxOptions | undefined;
  /**
   * Where the certificate of its hosts comes from: the platform's authority, a Secret that somebody else keeps, PEM, or an issuer of cert-manager's.
   * @default the platform's authority, or the stack's `tls.source`
   */
  readonly certificate?: CertificateSource | undefined;
  /** What its requests go through. @default none */
  readonly middlewares?: readonly MiddlewareRef[] | undefined;
  /** Annotations of the route, and for kind `httpRoute` of its Gateway. @default none */
  readonly routeAnnotations?: StringMap | undefined;
  /** Metrics for Prometheus that its pods have. @default none */
  readonly metrics?: ScrapedMetrics | undefined;
  /** A new version that gets part of the requests. @default none */
  readonly canary?: Canary | undefined;
}

/** The container's ports by name. */
export const portsOf = ({ ports, port = 8080 }: AppSpec): NonNullable<DeploymentArgs["ports"]> =>
  ports ?? { http: port };

/**
 * The Service's ports: the first one at `servicePort`, the others at the container's own numbers. They lead to the container's by
 * name, that of a headless Service as well: Traefik goes to the port that its endpoints have.
 */
export function servicePortsOf(spec: AppSpec): ServicePorts {
  const { servicePort = 80, nodePort } = spec;
  const headless = exposureOf(spec)?.kind === "headless";
  return Object.fromEntries(
    Object.entries(portsOf(spec)).map(([name, port], index) => {
      const { port: number, protocol } = typeof port === "number" ? { port } : port;
      return [
        name,
        {
          port: index === 0 ? servicePort : number,
          protocol,
          nodePort: index === 0 ? nodePort : undefined,
          ...(headless && { targetPort: name }),
        },
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
