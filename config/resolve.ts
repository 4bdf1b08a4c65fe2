import * as pulumi from "@pulumi/pulumi";

import { catalog } from "../apps/catalog.ts";
import { imageReference } from "../apps/images.ts";
import type { AppSpec } from "../components/app/index.ts";
import type { StackInfo } from "../components/base/stack.ts";
import type { Dashboard } from "../components/platform/index.ts";
import type { MiddlewareDefinition } from "../components/route/index.ts";
import type { CertificateAuthorityArgs, KeySpec, Subject, Validity } from "../components/tls/index.ts";
import type { TraefikArgs } from "../components/traefik/index.ts";
import type { Env, Registry } from "../components/workload/index.ts";
import type { AppSettings } from "./apps.ts";
import type { Settings } from "./schema.ts";
import type { TlsSettings } from "./tls.ts";

/** An app of a stack. */
export interface AppConfig {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  /** Whether it is the page that lists the others. */
  readonly portal: boolean;
  /** What is running: a version or a tag. */
  readonly version: string | undefined;
  /** `metadata.name` of its namespace. */
  readonly namespace: string;
  /** Names of its middlewares. */
  readonly middlewares: readonly string[];
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly spec: AppSpec;
}

/** The certificates of a stack. */
export interface TlsConfig {
  readonly authority: CertificateAuthorityArgs;
  readonly certificates: Validity & { readonly key: KeySpec; readonly subject: Subject };
}

/** The configuration of a stack, every default filled in. */
export interface StackConfig {
  readonly stack: StackInfo;
  readonly domain: string;
  /** Context of the kubeconfig; the current one where it is not given. */
  readonly context: string | undefined;
  readonly traefik: Omit<TraefikArgs, "stack" | "namespace">;
  readonly tls: TlsConfig | false;
  readonly address: string | undefined;
  readonly dashboard: Dashboard | undefined;
  readonly registry: Registry | undefined;
  readonly namespaces: readonly NamespaceConfig[];
  readonly apps: readonly AppConfig[];
}

/** A namespace for apps. */
export interface NamespaceConfig {
  /** `metadata.name`. */
  readonly name: string;
  /** Those middlewares that its apps name. */
  readonly middlewares: Readonly<Record<string, MiddlewareDefinition>>;
}

/** Who the settings are for. */
export interface Context {
  readonly stack: StackInfo;
  /** Whether the apps hold a secret, so that their variables are not to be shown. */
  readonly secretApps: boolean;
}

/** Settings with every default filled in. */
export function resolve(settings: Settings, context: Context): StackConfig {
  const { stack } = context;
  const apps = Object.entries(settings.apps ?? {}).map(([name, app]) => appOf(name, app, settings, context));
  return {
    stack,
    domain: domainOf(settings, stack),
    context: settings.cluster?.context,
    traefik: traefikOf(settings),
    tls: tlsOf(settings.tls ?? {}, stack),
    address: settings.endpoint?.address,
    dashboard: dashboardOf(settings, stack),
    registry: registryOf(settings),
    namespaces: namespacesOf(apps, settings.middlewares ?? {}),
    apps,
  };
}

/** The domain below which the hosts are. */
export const domainOf = ({ domain }: Settings, { stack }: StackInfo): string =>
  domain ?? `${stack}.slipway.test`;

/** The apps' namespaces, each with the middlewares that its apps name: Traefik looks for them nowhere else. */
function namespacesOf(
  apps: readonly AppConfig[],
  all: NonNullable<Settings["middlewares"]>,
): NamespaceConfig[] {
  return [...new Set(apps.map(({ namespace }) => namespace))].map((name) => {
    const used = new Set<string>();
    const use = (middleware: string): void => {
      if (used.has(middleware)) return;
      used.add(middleware);
      for (const link of all[middleware]?.chain?.middlewares ?? []) use(link.name);
    };
    apps
      .filter((app) => app.namespace === name)
      .forEach((app) => {
        app.middlewares.forEach(use);
      });
    return { name, middlewares: Object.fromEntries(Object.entries(all).filter(([key]) => used.has(key))) };
  });
}

/** Traefik's arguments; what an app needs of it is turned on. */
export function traefikOf({
  traefik = {},
  tls,
  apps = {},
}: Settings): Omit<TraefikArgs, "stack" | "namespace"> {
  const { chart, ...given } = traefik;
  const rest = omit(given, ["dashboard"]);
  const needed = {
    ...(Object.values(apps).some(({ kind }) => kind === "httpRoute") && { kubernetesGateway: true }),
    ...(Object.values(apps).some(({ nginx }) => nginx !== undefined) && { kubernetesIngressNGINX: true }),
  };
  return {
    ...(tls?.enabled === false && { redirect: "none" }),
    ...rest,
    ...(Object.keys({ ...needed, ...rest.providers }).length > 0 && {
      providers: { ...needed, ...rest.providers },
    }),
    ...(chart !== undefined && { chart: typeof chart === "string" ? { chart } : chart }),
  };
}

/** Certificates, or `false` where TLS is off. */
export function tlsOf(tls: TlsSettings, { project, stack }: StackInfo): TlsConfig | false {
  if (tls.enabled === false) return false;
  const key: KeySpec =
    tls.algorithm === "RSA"
      ? { algorithm: "RSA", keySize: tls.keySize }
      : { algorithm: "ECDSA", curve: tls.curve };
  const subject = { organization: project, organizationalUnit: stack, ...tls.subject };
  const { commonName = `${project} ${stack} CA`, ...authority } = tls.authority ?? {};
  return {
    authority: { ...validityOf(authority, 3650), key, subject: { ...subject, commonName } },
    certificates: { ...validityOf(tls.certificates, 365), key, subject },
  };
}

type Unset<T> = { readonly [K in keyof T]?: T[K] | undefined };

const validityOf = ({ validityDays, earlyRenewalDays }: Unset<Validity> = {}, days: number): Validity => ({
  validityDays: validityDays ?? days,
  earlyRenewalDays,
});

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

/** A host; a name without dots is below the domain. */
const hostOf = (host: string, domain: string): string => (host.includes(".") ? host : `${host}.${domain}`);

/** Hosts of an app: a name without dots is below the domain. */
export function hostsOf(name: string, { host, hosts, route }: AppSettings, domain: string): string[] {
  if (route === false) return [];
  return (hosts ?? [host ?? name]).map((entry) => hostOf(entry, domain));
}

/** Name of an app's namespace. */
export const namespaceOf = ({ namespace }: AppSettings, { project, stack }: StackInfo): string =>
  [project, stack, namespace].filter((part) => part !== undefined).join("-");

/** Keys of an app that its component does not take, or takes otherwise. */
const NOT_SPEC = [
  "title",
  "description",
  "portal",
  "namespace",
  "labels",
  "annotations",
  "middlewares",
  "host",
  "route",
] as const;

const omit = <T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(value).filter(([key]) => !(keys as readonly string[]).includes(key)),
  ) as Omit<T, K>;

/** An app's settings as its component takes them. */
export function appOf(
  name: string,
  app: AppSettings,
  settings: Settings,
  { stack, secretApps }: Context,
): AppConfig {
  const { image, title = name, description, portal = false, middlewares = [], labels } = app;
  const needs = Object.hasOwn(catalog, image) ? catalog[image] : undefined;
  const reference = needs === undefined ? image : imageReference(image, settings.registry);
  const env = secretApps ? hidden(app.env ?? {}) : app.env;
  return {
    name,
    title,
    description,
    portal,
    version: versionOf(reference),
    namespace: namespaceOf(app, stack),
    middlewares,
    labels,
    spec: {
      ...(needs && {
        probes: needs.probes,
        writable: needs.writable,
        shutdownSeconds: needs.shutdownSeconds,
        ...(app.stripPrefix === true && { rootPathEnv: needs.rootPathEnv }),
      }),
      ...omit(app, NOT_SPEC),
      env: {
        ...needs?.env,
        ...(needs && { APP_VERSION: versionOf(reference) ?? "" }),
        ...(needs?.titleEnv !== undefined && { [needs.titleEnv]: title }),
        ...env,
      },
      image: reference,
      hosts: hostsOf(name, app, domainOf(settings, stack)),
      routeAnnotations: app.annotations,
    },
  };
}

/** Variables that may hold a secret: which of them do is not told, so none is shown. */
const hidden = (env: NonNullable<AppSettings["env"]>): Env =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === "object" ? value : pulumi.secret(String(value)),
    ]),
  );

/** Tag of an image reference. */
const versionOf = (reference: string): string | undefined =>
  /:([\w][\w.-]{0,127})$/.exec(reference.split("@")[0] ?? "")?.[1];
