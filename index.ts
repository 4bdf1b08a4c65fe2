import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { App, type AppArgs, CertificateAuthority, Namespace, Platform } from "./components/index.ts";
import { type AppConfig, readConfig, stackSource } from "./config.ts";
import { type DeployedApp, portalApp } from "./portal.ts";
import { readme as readmeOf } from "./readme.ts";
import { versionsOf } from "./versions.ts";

const config = readConfig(stackSource());
const versions = versionsOf(config);

// One provider for everything: each is a process of its own. Renewed certificates and changed files are updated in place.
const provider = new kubernetes.Provider("kubernetes", {
  ...(config.context !== undefined && { context: config.context }),
  enableSecretMutable: true,
  enableConfigMapMutable: true,
});

const tls = config.tls && {
  ...config.tls,
  authority: new CertificateAuthority("authority", config.tls.authority),
};
const platform = new Platform("platform", { ...config, tls }, { provider });

// What is equally deep in the tree is deleted at the same time: so all pods end together, and then all namespaces.
const namespaces = new Map(
  config.namespaces.map(({ name, middlewares }) => {
    const args = { ...config, namespaceName: name, middlewares, traefik: platform.traefik };
    return [name, new Namespace(name, args, { parent: platform })];
  }),
);

const argsOf = ({ spec, labels, ...app }: AppConfig): AppArgs => {
  const namespace = namespaces.get(app.namespace) as Namespace;
  const middlewares = app.middlewares.flatMap((name) => namespace.middlewares[name] ?? []);
  return { ...spec, platform, namespace, labels, middlewares };
};

const isPortal = ({ portal }: AppConfig): boolean => portal;
const apps: DeployedApp[] = config.apps
  .filter((app) => !isPortal(app))
  .map((app) => ({ config: app, app: new App(app.name, argsOf(app)) }));
const portals: DeployedApp[] = config.apps
  .filter(isPortal)
  .map((app) => ({ config: app, app: portalApp(app, argsOf(app), apps, versions) }));

/** URLs by app. */
export const urls = pulumi.output(
  Object.fromEntries(
    [...apps, ...portals].flatMap(({ config: { name }, app: { url } }) => (url ? [[name, url]] : [])),
  ),
);
/** Where clients reach the stack: `{ address, http, https }`. */
export const endpoint = platform.endpoint;
/** What clients trust, PEM. */
export const caCertificate = platform.authority?.certificate;
/** The stack's IngressClass. */
export const ingressClass = platform.ingressClass;
/** The stack's page. */
export const readme = pulumi
  .all([endpoint, urls, ingressClass, platform.authority?.validityEnd] as const)
  .apply(([endpoint, urls, ingressClass, validityEnd]) =>
    readmeOf({ config, endpoint, urls, ingressClass, versions, validityEnd }),
  );
