import type { Problems } from "../../components/base/errors.ts";
import type { Settings } from "../settings/index.ts";

/** Records keys that contradict each other, or that say something else than they seem to. */
export function checkContradictions(settings: Settings, problems: Problems): void {
  const { traefik = {}, tls = {}, apps = {}, middlewares = {} } = settings;
  const { redirect, providers = {} } = traefik;
  problems.unless(
    tls.enabled !== false || redirect === undefined || redirect === "none",
    "traefik.redirect",
    redirect,
    "leads to https, which tls.enabled: false turns off",
  );
  problems.unless(
    settings.monitoring === undefined || traefik.metrics !== false,
    "traefik.metrics",
    false,
    "is what monitoring looks at",
  );
  const needed = (key: "kubernetesGateway" | "kubernetesIngressNGINX", app: string | undefined): void => {
    const off = app !== undefined && providers[key] === false;
    problems.unless(!off, `traefik.providers.${key}`, false, `is what apps.${app ?? ""} needs`);
  };
  needed(
    "kubernetesGateway",
    Object.keys(apps).find((name) => apps[name]?.kind === "httpRoute"),
  );
  needed(
    "kubernetesIngressNGINX",
    Object.keys(apps).find((name) => apps[name]?.nginx !== undefined),
  );
  for (const [name, { hosts }] of Object.entries(apps)) {
    const none = "must hold at least one host; `route: false` leaves the app unpublished";
    problems.unless(hosts?.length !== 0, `apps.${name}.hosts`, [], none);
  }
  for (const name of Object.keys(middlewares)) {
    const loops = leadsTo(name, name, middlewares, new Set());
    problems.unless(!loops, `middlewares.${name}.chain`, undefined, "leads back to itself");
  }
}

function leadsTo(
  from: string,
  wanted: string,
  middlewares: NonNullable<Settings["middlewares"]>,
  seen: Set<string>,
): boolean {
  return (middlewares[from]?.chain?.middlewares ?? []).some((link) => {
    if (link === wanted) return true;
    if (seen.has(link)) return false;
    seen.add(link);
    return leadsTo(link, wanted, middlewares, seen);
  });
}
