import type { StackInfo } from "../../components/base/stack.ts";
import type { Dashboard } from "../../components/platform/index.ts";
import type { MiddlewareDefinition } from "../../components/route/index.ts";
import type { CertificateAuthorityArgs, KeySpec, Subject, Validity } from "../../components/tls/index.ts";
import { serviceTypeOf } from "../../components/traefik/defaults.ts";
import type { TraefikArgs } from "../../components/traefik/index.ts";
import type { Registry } from "../../components/workload/index.ts";
import { omit } from "./omit.ts";
import { type AppConfig, appOf, type Context, domainOf, hostOf } from "./resolve-app.ts";
import type { Settings } from "./schema.ts";
import type { TlsSettings } from "./tls.ts";

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
    address: addressOf(settings),
    dashboard: dashboardOf(settings, stack),
    registry: registryOf(settings),
    namespaces: namespacesOf(apps, settings.middlewares ?? {}),
    apps,
  };
}

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

/** Where clients reach the stack, as far as no load balancer says it. */
function addressOf(settings: Settings): string | undefined {
  const { address, nodeAddress } = settings.endpoint ?? {};
  return address ?? (serviceTypeOf(traefikOf(settings)) === "LoadBalancer" ? undefined : nodeAddress);
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
