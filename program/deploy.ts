import { App, type AppArgs, type AppPlatform, Namespace } from "../components/index.ts";
import type { AppConfig, StackConfig } from "./config.ts";
import { type DeployedApp, portalApp } from "./portal-app.ts";

/** Deploys the apps of a stack, each in its namespace; those that list the others come last. */
export function deployApps(
  config: StackConfig,
  platform: AppPlatform,
  versions: Readonly<Record<string, string>>,
): DeployedApp[] {
  const namespaces = createNamespaces(config, platform);
  const argsOf = ({ spec, labels, ...app }: AppConfig): AppArgs => {
    const namespace = namespaces.get(app.namespace) as Namespace;
    const middlewares = app.middlewares.flatMap((name) => namespace.middlewares[name] ?? []);
    return { ...spec, platform, namespace, labels, middlewares, nodePortRange: config.traefik.nodePortRange };
  };
  const portals = config.apps.filter(({ portal }) => portal);
  const apps = config.apps
    .filter((app) => !portals.includes(app))
    .map((app) => ({ config: app, app: new App(app.name, argsOf(app)) }));
  return [
    ...apps,
    ...portals.map((app) => ({ config: app, app: portalApp(app, argsOf(app), apps, versions) })),
  ];
}

/**
 * The apps' namespaces by name, below the platform: Pulumi deletes at one time what is equally deep in the tree, so that all
 * pods end together, Traefik's too, and then all namespaces.
 */
const createNamespaces = (config: StackConfig, platform: AppPlatform): Map<string, Namespace> =>
  new Map(
    config.namespaces.map(({ name, middlewares }) => [
      name,
      new Namespace(
        name,
        {
          platform,
          registry: config.registry,
          objectName: name,
          middlewares,
          create: config.team === undefined,
        },
        { parent: platform },
      ),
    ]),
  );
