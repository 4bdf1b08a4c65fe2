import type { Problems } from "../base/errors.ts";
import { all, dataKey, dnsLabel, rule } from "../base/rules/index.ts";
import type { Values } from "../base/values.ts";
import { CHECKSUM_ANNOTATION, digest } from "../workload/config-source.ts";
import type { TraefikConfig } from "./args.ts";

/**
 * A plugin for middlewares whose source is given here: Go of one package, with nothing but the standard library, which Traefik itself
 * interprets. A change of it rolls the pods, and one that Traefik cannot read keeps the new ones from starting.
 * Source: {@link https://plugins.traefik.io/create}.
 */
export interface LocalPlugin {
  /** Go module of the package, by which `.traefik.yml` imports it: `example.org/greeting`. */
  readonly module: string;
  /** Files by name, among them `.traefik.yml`. There are no directories. */
  readonly source: Readonly<Record<string, string>>;
}

const MANIFEST = ".traefik.yml";

/** Names of volumes that the chart gives the pods by itself. */
const VOLUMES = ["data", "tmp", "plugins"];

/** The chart's values for the plugins. */
export function pluginValues({ localPlugins = {} }: TraefikConfig): Values {
  const plugins = Object.entries(localPlugins);
  if (plugins.length === 0) return {};
  return {
    experimental: {
      localPlugins: Object.fromEntries(
        plugins.map(([name, { module, source }]) => [
          name,
          {
            moduleName: module,
            // Where Traefik looks, from the directory it runs in.
            mountPath: `/plugins-local/src/${module}`,
            type: "inlinePlugin",
            source: { ...source },
          },
        ]),
      ),
      // Else it starts without any, and drops the routes that go through them.
      abortOnPluginFailure: true,
    },
  };
}

/** Annotation of the pods that changes with the plugins: Traefik reads them when it starts. */
export const pluginAnnotations = ({ localPlugins = {} }: TraefikConfig): Values | undefined =>
  Object.keys(localPlugins).length === 0
    ? undefined
    : { [CHECKSUM_ANNOTATION]: digest(JSON.stringify(localPlugins)) };

const pluginName = all(
  dnsLabel,
  rule<string>(
    `must not be one of ${VOLUMES.join(", ")}, which are volumes of Traefik's pods`,
    (name) => !VOLUMES.includes(name),
  ),
);

/** Path of a Go module. Source: {@link https://go.dev/ref/mod#module-path}. */
const modulePath = rule<string>('must be the path of a Go module, as "example.org/greeting"', (path) =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)*(\/[A-Za-z0-9_~-]+(\.[A-Za-z0-9_~-]+)*)*$/.test(path),
);

/** Records what is wrong with plugins, as far as can be seen without running them. */
export function checkPlugins({ localPlugins = {} }: TraefikConfig, problems: Problems): void {
  const owners = new Map<string, string>();
  for (const [name, { module, source }] of Object.entries(localPlugins)) {
    const at = problems.at(name);
    problems.checkName(name, pluginName);
    at.check("module", module, modulePath);
    const owner = owners.get(module);
    owners.set(module, name);
    at.unless(owner === undefined, "module", module, `is that of localPlugins.${owner ?? ""}, too`);
    for (const file of Object.keys(source)) at.at("source").checkName(file, dataKey);
    const manifest = source[MANIFEST];
    const told = `must hold ${MANIFEST}, which says what Traefik imports`;
    at.unless(manifest !== undefined, "source", undefined, told);
    at.unless(
      Object.keys(source).some((file) => file.endsWith(".go")),
      "source",
      undefined,
      "must hold a file of Go",
    );
    if (manifest !== undefined) checkManifest(module, manifest, at);
  }
}

function checkManifest(module: string, manifest: string, problems: Problems): void {
  const said = (key: string): string | undefined =>
    new RegExp(`^${key}:[ \\t]*["']?([^"'\\n]*?)["']?[ \\t]*$`, "m").exec(manifest)?.[1];
  const type = said("type");
  problems.unless(type === "middleware", "source", type, `must be type: middleware in ${MANIFEST}`);
  const path = said("import");
  problems.unless(path === module, "source", path, `must be import: ${module}, the module, in ${MANIFEST}`);
  for (const field of ["displayName", "summary", "testData"]) {
    const given = new RegExp(`^${field}:`, "m").test(manifest);
    problems.unless(
      given,
      "source",
      undefined,
      `must have ${field} in ${MANIFEST}: Traefik takes no plugin without`,
    );
  }
}
