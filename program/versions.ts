import { CHART_VERSION, TRAEFIK_VERSION } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

/** Versions of what a stack is made of, by name; what a chart of the user's runs is not known. */
export function versionsOf({
  platformStack,
  traefik: { chart, image },
}: StackConfig): Record<string, string> {
  if (platformStack !== undefined) return {};
  const { chart: name, version } = chart ?? {};
  const pinned = version === undefined || version === CHART_VERSION;
  const tag = image?.tag ?? (pinned ? TRAEFIK_VERSION : undefined);
  return {
    ...(tag !== undefined && { Traefik: tag }),
    ...(name === undefined && { "Traefik's chart": version ?? CHART_VERSION }),
  };
}
