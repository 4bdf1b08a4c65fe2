import * as pulumi from "@pulumi/pulumi";

import { portalDirectory, type Portal, portalFiles, type PortalHealth } from "../apps/nginx/portal-files.ts";
import { App, type AppArgs, type AppPlatform, ConfigMap } from "../components/index.ts";
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
  const mounts = { ...args.mounts, [portalDirectory]: { configMap: files } };
  return new App(config.name, { ...args, mounts });
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
  const names = ["config.json", "health.conf", ...(platform.secure ? ["ca.crt"] : [])];
  return Object.fromEntries(names.map((name) => [name, files.apply((all) => all[name] ?? "")]));
}

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
