import type { Quota, TracingConfig } from "../../components/index.ts";
import type { AppSettings } from "./app.ts";
import type { MiddlewareSettings } from "./middleware.ts";
import type { MonitoringSettings } from "./monitoring.ts";
import type { PlatformSettings } from "./platform.ts";
import type { SignInSettings } from "./sign-in.ts";
import type { TlsSettings } from "./tls.ts";
import type { TraefikSettings } from "./traefik.ts";

export type { AppSettings } from "./app.ts";
export type { MiddlewareSettings } from "./middleware.ts";
export type { MonitoringSettings } from "./monitoring.ts";
export type { PlatformSettings } from "./platform.ts";
export type { AppSignIn, SignInSettings } from "./sign-in.ts";
export type { TlsSettings } from "./tls.ts";
export type { TraefikSettings } from "./traefik.ts";

/**
 * The configuration of a stack, as its file has it. What the library's components take is said there, with its meaning and
 * default; here is only what a stack file alone says. program/schema/ is made from these interfaces by `npm run docs`.
 */
export interface Settings {
  /**
   * Domain below which the apps' hosts are.
   * @default `<stack>.slipway.test`
   * @format domain
   */
  readonly domain?: string | undefined;
  /**
   * Last day, `YYYY-MM-DD`, on which the stack is needed, or `never`. Every object is labelled with it, and `slipway expire` goes by
   * it. A day that has passed is refused.
   * @default none: it stays
   * @format expiry
   */
  readonly expires?: string | undefined;
  /**
   * Whether Pulumi refuses to delete the stack's namespaces: then `pulumi destroy` ends before it deletes anything, and `slipway expire`
   * leaves the stack alone. To take it down, set `false`, and run `pulumi up` before.
   * @default false
   */
  readonly protect?: boolean | undefined;
  /**
   * Registry, with a project prefix where it wants one, of every image that names no registry itself.
   * @default none: the image is on the nodes
   * @format registry
   */
  readonly registry?: string | undefined;
  /** Account for a private registry, for the apps' images, and for Traefik's where `traefik.image.registry` is on the same host. @default none */
  readonly registryAuth?: RegistryAuth | undefined;
  /** The cluster the stack is deployed to. */
  readonly cluster?: ClusterSettings | undefined;
  /** What the pods of each namespace of the stack's apps may use. @default no limit */
  readonly quota?: Quota | undefined;
  /** A platform that several stacks share. @default the stack has one to itself */
  readonly platform?: PlatformSettings | undefined;
  /** Where clients reach the stack. */
  readonly endpoint?: EndpointSettings | undefined;
  /** Traefik, its Service and its chart. */
  readonly traefik?: TraefikSettings | undefined;
  /** The certificate authority and the apps' certificates. */
  readonly tls?: TlsSettings | undefined;
  /** How a Prometheus sees Traefik, and the apps that have metrics. @default it sees apps that have metrics, by annotations */
  readonly monitoring?: MonitoringSettings | undefined;
  /** Where Traefik sends traces, and the apps with `tracing`. @default nowhere */
  readonly tracing?: TracingConfig | undefined;
  /** Who signs users in to the apps that say `signIn`. @default nobody */
  readonly signIn?: SignInSettings | undefined;
  /** Middlewares by name, each of exactly one kind, for the apps to name. */
  readonly middlewares?: Readonly<Record<string, MiddlewareSettings>> | undefined;
  /** The apps by name. */
  readonly apps?: Readonly<Record<string, AppSettings>> | undefined;
}

/** Account for a private registry. */
export interface RegistryAuth {
  /** Host of the registry. @default that of `registry` */
  readonly server?: string | undefined;
  /** User. */
  readonly username: string;
  /**
   * Password or token.
   * @secret
   */
  readonly password: string;
}

/** The cluster the stack is deployed to. */
export interface ClusterSettings {
  /** Context of the kubeconfig: a guard against the wrong cluster. @default the current one */
  readonly context?: string | undefined;
}

/** Where clients reach the stack. */
export interface EndpointSettings {
  /** Address or name at which clients reach the stack. @default the load balancer's, else `nodeAddress` */
  readonly address?: string | undefined;
  /** Address or name of a node, for Services that no load balancer is in front of. @default none */
  readonly nodeAddress?: string | undefined;
  /**
   * Node ports that the cluster has, where its API server was told another `--service-node-port-range`: `30000-40000`.
   * @default "30000-32767"
   */
  readonly nodePortRange?: string | undefined;
}
