import * as pulumi from "@pulumi/pulumi";

import {
  certificatesDirectory,
  portalDirectory,
  type Portal,
  type PortalCertificate,
  portalFiles,
  type PortalHealth,
} from "../apps/nginx/portal-files.ts";
import {
  App,
  type AppArgs,
  type AppPlatform,
  ConfigMap,
  type IssuedCertificate,
  type Mount,
} from "../components/index.ts";
import type { AppConfig } from "./config.ts";

/** An app with its configuration. */
export interface DeployedApp {
  readonly config: AppConfig;
  readonly app: App;
}

/** The app that shows what else the stack publishes: the nginx image with the portal's files. */
export function portalApp(
  config: AppConfig,
  args: AppArgs,
  listed: readonly DeployedApp[],
  versions: Portal["versions"],
): App {
  const { platform, namespace } = args;
  const files = new ConfigMap(
    `${config.name}-files`,
    { namespace, data: filesOf(platform, listed, versions) },
    namespace.within(),
  );
  const mounts = {
    ...args.mounts,
    [portalDirectory]: { configMap: files },
    ...(platform.secure && { [certificatesDirectory]: certificatesMount(config.name, args) }),
  };
  return new App(config.name, { ...args, mounts });
}

/** When certificates end. Pods neither wait for it nor are replaced with it: it is there once all certificates are. */
function certificatesMount(portal: string, { platform, namespace }: AppArgs): Mount {
  const name = `${portal}-certificates`;
  // Those of the portal itself, and of what is made after it, are among them.
  const certificates = pulumi.output(Promise.resolve().then(() => platform.certificates));
  const data = { "certificates.json": certificates.apply((all) => JSON.stringify(ends(all))) };
  new ConfigMap(name, { namespace, data }, namespace.within());
  return { configMap: name, optional: true };
}

/** The portal's files by name: names are known in preview, contents once addresses and certificates are. */
function filesOf(
  platform: AppPlatform,
  listed: readonly DeployedApp[],
  versions: Portal["versions"],
): Record<string, pulumi.Output<string>> {
  const { project, stack, expires } = platform.stack;
  const apps = listed.flatMap(({ config, app }) => (app.url === undefined ? [] : [{ config, url: app.url }]));
  const files = pulumi
    .all([platform.endpoint, platform.authority?.certificate, apps.map(({ url }) => url)] as const)
    .apply(([{ address, http, https }, caCertificate, urls]) =>
      portalFiles({
        project,
        stack,
        ...(expires !== undefined && expires !== "never" && { expires }),
        ...(address !== "" && {
          endpoint: { address, ...(http !== undefined && { http }), ...(https !== undefined && { https }) },
        }),
        ...(caCertificate !== undefined && { caCertificate }),
        ...(versions !== undefined && { versions }),
        apps: apps.map(({ config: { name, title, description, version, ...config } }, index) => ({
          name,
          title,
          url: urls[index] ?? "",
          ...(description !== undefined && { description }),
          ...(version !== undefined && { version }),
          ...healthOf({ name, ...config }),
        })),
      }),
    );
  const names = ["config.json", "health.conf", ...(platform.authority !== undefined ? ["ca.crt"] : [])];
  return Object.fromEntries(names.map((name) => [name, files.apply((all) => all[name] ?? "")]));
}

/** The certificates whose end the stack knows, the first to end first. */
const ends = (certificates: Readonly<Record<string, IssuedCertificate>>): PortalCertificate[] =>
  Object.values(certificates)
    .flatMap(({ hosts, validityEnd }) => (validityEnd === undefined ? [] : [{ hosts, validityEnd }]))
    .toSorted((one, other) => Date.parse(one.validityEnd) - Date.parse(other.validityEnd));

/** Where the portal asks whether an app is well: its readiness, by the Service. */
function healthOf({ name, namespace, spec }: Pick<AppConfig, "name" | "namespace" | "spec">): {
  health?: PortalHealth;
} {
  const { readiness, liveness } = spec.probes ?? {};
  const probe = readiness ?? liveness;
  const path = typeof probe === "string" ? probe : probe?.httpGet?.path;
  if (path === undefined) return {};
  return { health: { service: name, namespace, port: spec.servicePort ?? 80, path } };
}
