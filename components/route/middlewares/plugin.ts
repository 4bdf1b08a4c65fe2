import type { Problems } from "../../base/errors.ts";

/** What a plugin of Traefik's is told, by the name that Traefik knows it by; one of `localPlugins`. */
export type Plugin = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Records that it names no plugin, or several. */
export function checkPlugin(plugin: Plugin, problems: Problems): void {
  const names = Object.keys(plugin);
  problems.unless(names.length === 1, "", names, "must name one plugin, with what it is told");
}
