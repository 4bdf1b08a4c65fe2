import * as pulumi from "@pulumi/pulumi";

import { catalog, type ImageNeeds } from "../../apps/catalog.ts";
import type { AppSpec } from "../../components/app/index.ts";
import { isServing } from "../../components/app/kinds.ts";
import { platformName, type StackInfo } from "../../components/base/stack.ts";
import type { ContainerArgs, Env } from "../../components/workload/index.ts";
import type { AppSettings, Settings } from "../settings/index.ts";
import { imageOf, versionEnv, versionOf } from "./image-reference.ts";
import { omit } from "./omit.ts";

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
  /** Groups whose users may come in, any where it is empty; `undefined` where nobody signs in. */
  readonly signIn: readonly string[] | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly spec: AppSpec;
}

/** Who the settings are for. */
export interface Context {
  readonly stack: StackInfo;
  /** Whether the apps hold a secret, so that their variables are not to be shown. */
  readonly secretApps: boolean;
}

/** The domain below which the hosts are. */
export const domainOf = ({ domain }: Settings, { stack }: StackInfo): string =>
  domain ?? `${stack}.slipway.test`;

/** A host; a name without dots is below the domain. */
export const hostOf = (host: string, domain: string): string =>
  host.includes(".") ? host : `${host}.${domain}`;

/** Hosts of an app: a name without dots is below the domain. */
function hostsOf(name: string, app: AppSettings, domain: string): string[] {
  const { host, hosts, route } = app;
  if (route === false || !isServing(app)) return [];
  return (hosts ?? [host ?? name]).map((entry) => hostOf(entry, domain));
}

/** Name of an app's namespace: one of the stack's own, or one that a platform made for the team. */
export function namespaceOf(
  { namespace }: Pick<AppSettings, "namespace">,
  { platform = {} }: Settings,
  own: StackInfo,
): string {
  const [, project = "", stack = ""] = platform.stack?.split("/") ?? [];
  const base = platform.team === undefined ? own : { project, stack: `${stack}-${platform.team}` };
  return [platformName(base), namespace].filter((part) => part !== undefined).join("-");
}

/** Groups of the users who may come in to an app. */
function signInOf({ signIn = false }: AppSettings): readonly string[] | undefined {
  if (signIn === false) return undefined;
  return signIn === true ? [] : signIn.groups;
}

/** Where an app has metrics, and how they are found. */
function metricsOf(
  { metrics = false }: AppSettings,
  needs: ImageNeeds | undefined,
  { monitoring }: Settings,
): AppSpec["metrics"] {
  if (metrics === false) return undefined;
  const { port = needs?.metrics?.port, path } = metrics === true ? {} : metrics;
  return { port, path, scraping: monitoring?.scraping };
}

/** OpenTelemetry's variables. Source: {@link https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/}. */
function tracingEnv(
  name: string,
  { tracing: wanted, ...app }: AppSettings,
  needs: ImageNeeds | undefined,
  settings: Settings,
  stack: StackInfo,
): Env {
  if (settings.tracing === undefined || !(wanted ?? needs?.traces ?? false)) return {};
  const attributes = {
    "service.namespace": namespaceOf(app, settings, stack),
    "deployment.environment.name": stack.stack,
  };
  const listed = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: settings.tracing.endpoint,
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: listed.join(","),
  };
}

/** Keys of an app that its component does not take, or takes otherwise. */
const NOT_SPEC = [
  "title",
  "description",
  "portal",
  "namespace",
  "labels",
  "annotations",
  "middlewares",
  "signIn",
  "metrics",
  "tracing",
  "host",
  "route",
] as const;

/** An app's settings as its component takes them. */
export function appOf(
  name: string,
  app: AppSettings,
  settings: Settings,
  { stack, secretApps }: Context,
): AppConfig {
  const { image, title = name, description, portal = false, middlewares = [], labels, canary } = app;
  const needs = Object.hasOwn(catalog, image) ? catalog[image] : undefined;
  const reference = imageOf(image, settings);
  const metrics = metricsOf(app, needs, settings);
  const container = <T extends Pick<ContainerArgs, "image" | "env">>(args: T): T => ({
    ...args,
    image: typeof args.image === "string" ? imageOf(args.image, settings) : args.image,
    ...(args.env && { env: secretApps ? hidden(args.env) : args.env }),
  });
  return {
    name,
    title,
    description,
    portal,
    version: versionOf(reference),
    namespace: namespaceOf(app, settings, stack),
    middlewares,
    signIn: signInOf(app),
    labels,
    spec: {
      ...(needs && {
        ...(isServing(app) && { probes: needs.probes, shutdownSeconds: needs.shutdownSeconds }),
        writable: needs.writable,
        ...(app.stripPrefix === true && { rootPathEnv: needs.rootPathEnv }),
      }),
      ...omit(app, NOT_SPEC),
      initContainers: app.initContainers && mapped(app.initContainers, container),
      sidecars: app.sidecars && mapped(app.sidecars, container),
      canary: canary && told(container(canary), needs !== undefined),
      metrics,
      env: {
        ...needs?.env,
        ...tracingEnv(name, app, needs, settings, stack),
        ...(metrics?.port !== undefined &&
          needs?.metrics && { [needs.metrics.portEnv]: String(metrics.port) }),
        ...(needs && versionEnv(reference)),
        ...(needs?.titleEnv !== undefined && { [needs.titleEnv]: title }),
        ...container(app).env,
      },
      image: reference,
      certificate: isServing(app) ? (app.certificate ?? settings.tls?.source) : app.certificate,
      hosts: hostsOf(name, app, domainOf(settings, stack)),
      routeAnnotations: isServing(app) ? app.annotations : undefined,
    },
  };
}

const mapped = <T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

/** A canary that is told its version, where the app is. */
const told = (canary: NonNullable<AppSpec["canary"]>, isTold: boolean): NonNullable<AppSpec["canary"]> =>
  isTold && typeof canary.image === "string"
    ? { ...canary, env: { ...versionEnv(canary.image), ...canary.env } }
    : canary;

/** Variables that may hold a secret: Pulumi does not say which of them do, so none is shown. */
const hidden = (env: Env): Env =>
  mapped(env, (value) => (typeof value === "object" ? value : pulumi.secret(String(value))));
