import type { StackInfo } from "../base/stack.ts";
import type { Toleration } from "../workload/index.ts";
import type {
  EntryPointConfig,
  PortConfig,
  SecureEntryPointConfig,
  ServiceConfig,
  TlsConfig,
} from "./entry-points.ts";
import type {
  AutoscalingConfig,
  FewestPods,
  ImageConfig,
  LifeCycleConfig,
  MostPods,
  ResourcesConfig,
} from "./pod-args.ts";
import type { AccessLog } from "./access-log.ts";
import type { AcmeConfig } from "./acme.ts";
import type { LocalPlugin } from "./plugins.ts";

/**
 * What decides Traefik's Helm values: plain configuration, no outputs, because a value that is unknown until `up` would
 * blank the chart's whole preview.
 */
export interface TraefikConfig {
  /** The stack Traefik serves. */
  readonly stack: StackInfo;
  /** Namespace Traefik runs in. */
  readonly namespace: string;
  /**
   * IngressClass of the stack: cluster-wide, so its name has to be the stack's own. Never the cluster's default class.
   * @default `<project>-<stack>`
   */
  readonly ingressClass?: string | undefined;
  /**
   * `DaemonSet` runs one pod on every node, which {@link hostNetwork} wants.
   * @default "Deployment", or "DaemonSet" on the host's network
   */
  readonly kind?: "Deployment" | "DaemonSet" | undefined;
  /**
   * Pods of the Deployment. Rejected for a DaemonSet and together with {@link autoscaling}.
   * @default 1
   */
  readonly replicas?: number | undefined;
  /** Let the CPU's load decide the number of pods. Rejected for a DaemonSet. */
  readonly autoscaling?: AutoscalingConfig | undefined;
  /**
   * Listen on every node's own address, ports 80 and 443 unless the entry points say otherwise. Needs a namespace that
   * allows privileged pods. Rejected together with node ports or a LoadBalancer.
   * @default false
   */
  readonly hostNetwork?: boolean | undefined;
  /** The Service in front of Traefik. */
  readonly service?: ServiceConfig | undefined;
  /**
   * Node ports that the cluster has, where its API server was told another `--service-node-port-range`.
   * @default "30000-32767"
   */
  readonly nodePortRange?: string | undefined;
  /** The entry point of plain http. */
  readonly web?: EntryPointConfig | undefined;
  /** The entry point of https. */
  readonly websecure?: SecureEntryPointConfig | undefined;
  /**
   * Further entry points by name, for TCP and UDP routes. A name has at most 15 characters of a-z, 0-9 and -, as a
   * container's port has.
   */
  readonly ports?: Readonly<Record<string, PortConfig>> | undefined;
  /**
   * Whether plain http is answered with a redirect to https, on the port that clients can reach:
   * `unrouted` redirects what no route on `web` matches, so that a route may still ask for plain http;
   * `all` redirects everything; `none` nothing.
   * @default "unrouted"
   */
  readonly redirect?: "unrouted" | "all" | "none" | undefined;
  /**
   * Asks an ACME server for certificates, of apps that say so. Rejected with several pods, and for a DaemonSet.
   * @default none
   */
  readonly acme?: AcmeConfig | undefined;
  /**
   * Plugins for middlewares by name, `{ plugin: { <name>: { … } } }`, from source that is given here.
   * @default none
   */
  readonly localPlugins?: Readonly<Record<string, LocalPlugin>> | undefined;
  /** TLS versions and ciphers that a route without TLS options of its own accepts. */
  readonly tls?: TlsConfig | undefined;
  /** How a pod goes, so that a rollout loses no request. */
  readonly lifeCycle?: LifeCycleConfig | undefined;
  /** How long Traefik waits for an app's pod. */
  readonly forwardingTimeouts?: ForwardingTimeouts | undefined;
  /** Which objects Traefik reads its routes from. */
  readonly providers?: ProvidersConfig | undefined;
  /**
   * The address Traefik writes into the status of Ingresses and Gateways. Without it, a LoadBalancer Service's own is
   * taken, and on other Services the status stays empty, for which `pulumi up` would wait on an Ingress.
   */
  readonly address?: { readonly ip: string } | { readonly hostname: string } | undefined;
  /**
   * Requests and limits of a pod.
   * @default requests 50m and 64Mi, limits 1 and 256Mi
   */
  readonly resources?: ResourcesConfig | undefined;
  /**
   * What a drain leaves of the pods.
   * @default one pod at a time where there are several, else none
   */
  readonly podDisruptionBudget?: FewestPods | MostPods | undefined;
  /** Name of a PriorityClass, `system-cluster-critical`. */
  readonly priorityClassName?: string | undefined;
  /** Labels of the nodes the pods run on. @default any node */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  /** Taints the pods put up with. @default none */
  readonly tolerations?: readonly Toleration[] | undefined;
  /** Where Traefik's image comes from; what is left out is the chart's own. */
  readonly image?: ImageConfig | undefined;
  /** Names of Secrets in the namespace that the image is pulled with. */
  readonly imagePullSecrets?: readonly string[] | undefined;
  /** What Traefik logs of itself. */
  readonly log?: LogConfig | undefined;
  /**
   * Log requests on the pods' output: every one by `true` or a format, a choice of them by {@link AccessLogConfig}.
   * Headers are not logged unless they are named.
   * @default false
   */
  readonly accessLog?: AccessLog | undefined;
  /**
   * Prometheus metrics on port 9100 of the pods; `service` adds a Service `traefik-metrics` that names them.
   * @default false
   */
  readonly metrics?: boolean | "service" | undefined;
  /**
   * Send traces of requests to a collector. Traefik begins a trace, or goes on with the client's, and tells the app of it (W3C
   * `traceparent`).
   * @default none
   */
  readonly tracing?: TracingConfig | undefined;
  /**
   * Serve the dashboard and its API as the service `api@internal`. It still has no route: see TraefikDashboard.
   * @default false
   */
  readonly dashboard?: boolean | undefined;
  /**
   * Values of the chart that these arguments do not cover. Objects are merged into the generated values, anything else
   * replaces what stands there.
   */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

/** Where traces go, and how many. */
export interface TracingConfig {
  /** URL of a collector that takes OTLP over http, without the path `/v1/traces`: `http://collector.observability.svc:4318`. */
  readonly endpoint: string;
  /** Share of the requests that are traced, from 0 to 1, where the client has not decided. @default 1 */
  readonly sampleRate?: number | undefined;
}

/**
 * How long Traefik waits for an app's pod. A pod whose node is gone says nothing any more, and stays among the endpoints until the
 * cluster has noticed, most of a minute: with these, a `retry` has another pod answer in that time.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/install-configuration/configuration-options/}.
 */
export interface ForwardingTimeouts {
  /**
   * Seconds for a connection to be made.
   * @default 30, Traefik's own
   */
  readonly dialTimeout?: number | undefined;
  /**
   * Seconds from a request until its answer begins, of every app: longer than the slowest takes. A client gets 504 after that.
   * @default none
   */
  readonly responseHeaderTimeout?: number | undefined;
}

/** Which objects Traefik reads its routes from. */
export interface ProvidersConfig {
  /** IngressRoutes, middlewares and Traefik's other own kinds. */
  readonly kubernetesCRD?:
    | {
        /**
         * Let an IngressRoute use middlewares and services of other namespaces.
         * @default false
         */
        readonly allowCrossNamespace?: boolean | undefined;
        /**
         * Let a route lead to a Service of type ExternalName.
         * @default false
         */
        readonly allowExternalNameServices?: boolean | undefined;
      }
    | undefined;
  /** Ingresses of the stack's class. */
  readonly kubernetesIngress?:
    | {
        /**
         * Let an Ingress lead to a Service of type ExternalName.
         * @default false
         */
        readonly allowExternalNameServices?: boolean | undefined;
      }
    | undefined;
  /**
   * Ingresses with ingress-nginx annotations, under a class of their own, `<ingressClass>-nginx`.
   * @default false
   */
  readonly kubernetesIngressNGINX?: boolean | undefined;
  /**
   * Gateway API, with a GatewayClass named as the IngressClass. Its CRDs have to be in the cluster.
   * @default false
   */
  readonly kubernetesGateway?: boolean | undefined;
}

/** What Traefik logs of itself. */
export interface LogConfig {
  /** Least level that is logged. @default "INFO" */
  readonly level?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | undefined;
  /** A line of text, or a JSON object. @default "common" */
  readonly format?: "common" | "json" | undefined;
}
