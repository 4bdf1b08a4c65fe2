import { portRange } from "../../components/base/rules/index.ts";
import { platformName, type StackInfo } from "../../components/base/stack.ts";
import type { Dashboard, Quota, Team } from "../../components/platform/index.ts";
import type { Scraping } from "../../components/monitoring/index.ts";
import type { MiddlewareDefinition } from "../../components/route/index.ts";
import type { SignInSpec } from "../../components/sign-in/index.ts";
import { serviceTypeOf } from "../../components/traefik/defaults.ts";
import type { TraefikArgs } from "../../components/traefik/index.ts";
import type { Registry } from "../../components/workload/index.ts";
import type { MiddlewareSettings, Settings } from "../settings/index.ts";
import { omit } from "./omit.ts";
import { type AppConfig, appOf, type Context, domainOf, hostOf, namespaceOf } from "./resolve-app.ts";
import { isSigner, type TlsConfig, tlsOf } from "./resolve-tls.ts";

/** The configuration of a stack, every default filled in. */
export interface StackConfig {
  readonly stack: StackInfo;
  /** Whether its namespaces are protected from deletion. */
  readonly protect: boolean;
  readonly domain: string;
  /** Context of the kubeconfig; the current one where it is not given. */
  readonly context: string | undefined;
  readonly traefik: Omit<TraefikArgs, "stack" | "namespace">;
  /** Stack whose platform the apps are on; `undefined` for the stack's own. */
  readonly platformStack: string | undefined;
  /** What the shared platform that its apps are on is called on the cluster; `undefined` for one that nobody else is on. */
  readonly platformName: string | undefined;
  /** Team of that platform in whose namespaces the apps live; `undefined` for namespaces of the stack's own. */
  readonly team: string | undefined;
  /** Whether apps of other stacks may be on the stack's own platform. */
  readonly shared: boolean;
  /** Who deploys on the stack's own platform. */
  readonly teams: Readonly<Record<string, Team>>;
  readonly tls: TlsConfig | false;
  readonly address: string | undefined;
  /** Address of a node, where it is said. */
  readonly nodeAddress: string | undefined;
  readonly dashboard: Dashboard | undefined;
  /** How a Prometheus finds Traefik; `undefined` where none is to. */
  readonly monitoring: Scraping | undefined;
  /** `undefined` where no app asks users to sign in. */
  readonly signIn: SignInConfig | undefined;
  readonly registry: Registry | undefined;
  readonly namespaces: readonly NamespaceConfig[];
  /** What the pods of each namespace may use. */
  readonly quota: Quota;
  readonly apps: readonly AppConfig[];
}

/** Who signs users in to the apps of a stack. */
export interface SignInConfig extends SignInSpec {
  readonly cookieDomain: string;
  /** `metadata.name` of the namespace of oauth2-proxy. */
  readonly namespace: string;
  /** Hosts of the apps that users sign in to. */
  readonly hosts: readonly string[];
  /** Whether an app asks for groups of its own. */
  readonly asksGroups: boolean;
}

/** A namespace for apps. */
export interface NamespaceConfig {
  /** `metadata.name`. */
  readonly name: string;
  /** Those middlewares that its apps name. */
  readonly middlewares: Readonly<Record<string, MiddlewareDefinition>>;
}

/** Settings with every default filled in. */
export function resolve(given: Settings, context: Context): StackConfig {
  const {
    stack: platformStack,
    team,
    teams = {},
    shared = Object.keys(teams).length > 0,
  } = given.platform ?? {};
  const settings = platformStack === undefined ? given : withoutPlatform(given);
  const { stack } = context;
  const apps = Object.entries(settings.apps ?? {}).map(([name, app]) => appOf(name, app, settings, context));
  const traefik = traefikOf(settings);
  const signIn = signInOf(settings, apps, stack);
  const dashboard = dashboardOf(settings, stack);
  // Who shares a platform, and the dashboard, are served with what its authority signs.
  const signs = shared || dashboard !== undefined || isSigner(apps, settings.tls);
  return {
    stack,
    protect: settings.protect ?? false,
    domain: domainOf(settings, stack),
    context: settings.cluster?.context,
    traefik,
    platformStack,
    platformName: platformNameOf(platformStack, shared, stack),
    team,
    shared,
    teams,
    tls: tlsOf(settings.tls ?? {}, platformStack === undefined && signs, stack),
    address: addressOf(settings, traefik),
    nodeAddress: settings.endpoint?.nodeAddress,
    dashboard,
    registry: registryOf(settings),
    monitoring: settings.monitoring?.scraping,
    signIn,
    namespaces: namespacesOf(apps, settings.middlewares ?? {}, signIn?.namespace),
    quota: settings.quota ?? {},
    apps,
  };
}

function platformNameOf(other: string | undefined, shared: boolean, own: StackInfo): string | undefined {
  if (other === undefined) return shared ? platformName(own) : undefined;
  const [, project = "", stack = ""] = other.split("/");
  return platformName({ project, stack });
}

/** Settings of a stack on another one's platform, without what a site file says of platforms. */
const withoutPlatform = ({ tls, ...settings }: Settings): Settings => ({
  ...omit(settings, ["traefik", "endpoint"]),
  tls: omit(tls ?? {}, ["enabled", "authority"]),
});

/** The apps' namespaces, each with the middlewares that its apps name: Traefik looks for them nowhere else. */
function namespacesOf(
  apps: readonly AppConfig[],
  all: Readonly<Record<string, MiddlewareSettings>>,
  ofSignIn: string | undefined,
): NamespaceConfig[] {
  const names = apps.map(({ namespace }) => namespace);
  return [...new Set(ofSignIn === undefined ? names : [...names, ofSignIn])].map((name) => {
    const used = new Set<string>();
    const use = (middleware: string): void => {
      if (used.has(middleware)) return;
      used.add(middleware);
      all[middleware]?.chain?.middlewares.forEach(use);
    };
    apps
      .filter(({ namespace }) => namespace === name)
      .flatMap((app) => app.middlewares)
      .forEach(use);
    const own = Object.entries(all).filter(([middleware]) => used.has(middleware));
    return {
      name,
      middlewares: Object.fromEntries(own.map(([key, middleware]) => [key, middlewareOf(middleware)])),
    };
  });
}

/** The stack's sign-in with the hosts that it is for; its proxy lives beside the apps that have no namespace of their own. */
function signInOf(
  settings: Settings,
  apps: readonly AppConfig[],
  stack: StackInfo,
): SignInConfig | undefined {
  const asking = apps.filter(({ signIn }) => signIn !== undefined);
  const hosts = [...new Set(asking.flatMap(({ spec }) => spec.hosts))];
  if (settings.signIn === undefined || hosts.length === 0) return undefined;
  return {
    ...settings.signIn,
    cookieDomain: settings.signIn.cookieDomain ?? domainOf(settings, stack),
    namespace: namespaceOf({}, settings, stack),
    hosts,
    asksGroups: asking.some(({ signIn = [] }) => signIn.length > 0),
  };
}

/** A middleware as its component takes it. */
export const middlewareOf = ({ chain, ...kinds }: MiddlewareSettings): MiddlewareDefinition =>
  chain === undefined
    ? kinds
    : { ...kinds, chain: { middlewares: chain.middlewares.map((name) => ({ name })) } };

/** Where clients reach the stack, as far as no load balancer says it. */
function addressOf({ endpoint = {} }: Settings, traefik: StackConfig["traefik"]): string | undefined {
  const { address, nodeAddress } = endpoint;
  return address ?? (serviceTypeOf(traefik) === "LoadBalancer" ? undefined : nodeAddress);
}

/** Traefik's arguments; what an app needs of it is turned on. */
function traefikOf(settings: Settings): StackConfig["traefik"] {
  const { traefik = {}, tls, apps = {}, endpoint, monitoring, tracing } = settings;
  const account = registryOf(settings);
  const { chart, ...given } = omit(traefik, ["dashboard"]);
  const range = endpoint?.nodePortRange;
  const providers = {
    ...(Object.values(apps).some(({ kind }) => kind === "httpRoute") && { kubernetesGateway: true }),
    ...(Object.values(apps).some(({ nginx }) => nginx !== undefined) && { kubernetesIngressNGINX: true }),
    ...given.providers,
  };
  return {
    ...(tls?.enabled === false && { redirect: "none" }),
    ...(monitoring !== undefined && { metrics: true }),
    ...(tracing !== undefined && { tracing }),
    ...given,
    ...(account !== undefined &&
      account.registry === given.image?.registry?.split("/")[0] && { registry: account }),
    ...(range !== undefined && portRange.test(range) && { nodePortRange: range }),
    ...(Object.keys(providers).length > 0 && { providers }),
    ...(chart !== undefined && { chart: typeof chart === "string" ? { chart } : chart }),
  };
}

function registryOf({ registry, registryAuth }: Settings): Registry | undefined {
  if (registryAuth === undefined) return undefined;
  const { server = registry?.split("/")[0] ?? "", username, password } = registryAuth;
  return { registry: server, username, password };
}

function dashboardOf(settings: Settings, stack: StackInfo): Dashboard | undefined {
  if (settings.traefik?.dashboard === undefined) return undefined;
  const { host, users, allow } = settings.traefik.dashboard;
  return { host: hostOf(host, domainOf(settings, stack)), basicAuth: { users }, allow };
}
