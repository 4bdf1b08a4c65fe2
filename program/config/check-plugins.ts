import type { Problems } from "../../components/base/errors.ts";
import type { MiddlewareDefinition } from "../../components/route/index.ts";
import { isValues } from "../../components/base/values.ts";
import type { Settings } from "../settings/index.ts";

/**
 * Records middlewares that go through a plugin that Traefik is not told of: it would drop their routes. Which ones a platform of another
 * stack has is known once that is read.
 */
export function checkPlugins(
  { middlewares = {}, traefik = {}, platform = {} }: Settings,
  problems: Problems,
): void {
  if (platform.stack !== undefined) return;
  const experimental = traefik.values?.["experimental"];
  const further = isValues(experimental) ? [experimental["plugins"], experimental["localPlugins"]] : [];
  const known = [traefik.localPlugins, ...further].flatMap((plugins) =>
    isValues(plugins) ? Object.keys(plugins) : [],
  );
  const names = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  checkPluginNames(middlewares, known, `is none of traefik.localPlugins: ${names}`, problems);
}

/** Records middlewares that go through another plugin than those known. */
export function checkPluginNames(
  middlewares: Readonly<Record<string, Pick<MiddlewareDefinition, "plugin">>>,
  known: readonly string[],
  allowed: string,
  problems: Problems,
): void {
  for (const [name, { plugin = {} }] of Object.entries(middlewares)) {
    for (const key of Object.keys(plugin)) {
      problems.unless(known.includes(key), `middlewares.${name}.plugin`, key, allowed);
    }
  }
}
