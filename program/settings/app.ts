import type { AppMetrics, AppSpec } from "../../components/index.ts";
import type { AppSignIn } from "./sign-in.ts";

/** What an app is and where it lives. */
export interface AppIdentity {
  /** `fastapi` or `nginx`, which are built from apps/ of this repository, or any image reference. */
  readonly image: string;
  /** Name on the portal. @default the app's name */
  readonly title?: string | undefined;
  /** A sentence for the portal. @default none */
  readonly description?: string | undefined;
  /** Whether this nginx app is the page that lists the stack's other apps. @default false */
  readonly portal?: boolean | undefined;
  /**
   * Suffix of a namespace of its own: `<project>-<stack>-<namespace>`.
   * @default `<project>-<stack>`, which it shares with the other apps
   */
  readonly namespace?: string | undefined;
  /** Further labels of its objects. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** One app: its pods, its Service and its route. */
export interface AppSettings
  extends
    AppIdentity,
    Omit<AppSpec, keyof AppIdentity | "hosts" | "middlewares" | "routeAnnotations" | "metrics"> {
  /** Whether the app is published at all. @default true */
  readonly route?: boolean | undefined;
  /** Host it is published at; a name without dots is below `domain`. @default the app's name */
  readonly host?: string | undefined;
  /** Several hosts, instead of `host`. @default `host` alone */
  readonly hosts?: readonly string[] | undefined;
  /** Whether its pods have metrics for Prometheus, and where. @default false */
  readonly metrics?: boolean | AppMetrics | undefined;
  /**
   * Whether its pods are told by OpenTelemetry's own variables, `OTEL_*`, where the stack's `tracing` sends traces.
   * @default `true` for the image fastapi, else `false`
   */
  readonly tracing?: boolean | undefined;
  /**
   * Whether requests reach the app only from users who have signed in by the stack's `signIn`, which may be those of some groups. The
   * path `/oauth2` of its hosts is then the sign-in's. Rejected where the app is reached by another way than its route.
   * @default false
   */
  readonly signIn?: boolean | AppSignIn | undefined;
  /** Names from `middlewares`, in the order requests go through them. @default none */
  readonly middlewares?: readonly string[] | undefined;
  /** Annotations of the route, and for kind `httpRoute` of its Gateway. @default none */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}
