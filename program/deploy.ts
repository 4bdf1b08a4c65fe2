import { App, type AppArgs, type AppPlatform, Namespace, SignIn } from "../components/index.ts";
import { PROXY } from "../components/sign-in/proxy.ts";
import type { AppConfig, StackConfig } from "./config.ts";
import { type DeployedApp, portalApp } from "./portal-app.ts";

/** What a stack has deployed. */
export interface Deployed {
  readonly apps: readonly DeployedApp[];
  /** Who signs users in, where an app asks them to. */
  readonly signIn: SignIn | undefined;
}

/** Deploys the apps of a stack, each in its namespace; those that list the others come last. */
export async function deployApps(
  config: StackConfig,
  platform: AppPlatform,
  versions: Readonly<Record<string, string>>,
): Promise<Deployed> {
  const namespaces = createNamespaces(config, platform);
  // Traefik's pods would begin a second after those of the apps, and every route waits for them.
  await platform.registered;
  const signIn = config.signIn && signInOf(config.signIn, platform, namespaces);
  const argsOf = ({ spec, labels, ...app }: AppConfig): AppArgs => {
    const namespace = namespaces.get(app.namespace) as Namespace;
    const named = app.middlewares.flatMap((name) => namespace.middlewares[name] ?? []);
    const asked = app.signIn && signIn?.middleware(namespace, app.signIn);
    const middlewares = asked === undefined ? named : [asked, ...named];
    return { ...spec, platform, namespace, labels, middlewares, nodePortRange: config.traefik.nodePortRange };
  };
  const portals = config.apps.filter(({ portal }) => portal);
  const apps = config.apps
    .filter((app) => !portals.includes(app))
    .map((app) => ({ config: app, app: new App(app.name, argsOf(app)) }));
  const listing = portals.map((app) => ({ config: app, app: portalApp(app, argsOf(app), apps, versions) }));
  return { apps: [...apps, ...listing], signIn };
}

function signInOf(
  { namespace, ...signIn }: NonNullable<StackConfig["signIn"]>,
  platform: AppPlatform,
  namespaces: ReadonlyMap<string, Namespace>,
): SignIn {
  return new SignIn(PROXY, { ...signIn, platform, namespace: namespaces.get(namespace) as Namespace });
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
          ...config.quota,
        },
        { parent: platform },
      ),
    ]),
  );
