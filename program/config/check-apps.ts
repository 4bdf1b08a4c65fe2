import { checkApp } from "../../components/app/check.ts";
import { isServing, unsuited } from "../../components/app/kinds.ts";
import { decidesRedirect } from "../../components/app/spec.ts";
import type { Problems } from "../../components/base/errors.ts";
import { dnsLabel, serviceName } from "../../components/base/rules/index.ts";
import { checkNodePorts, type NodePortClaim } from "../../components/service/node-ports.ts";
import { websecureOf } from "../../components/traefik/defaults.ts";
import type { AppSettings, Settings } from "../settings/index.ts";
import { checkMiddlewareName } from "./checks.ts";
import type { StackConfig } from "./resolve.ts";
import { type AppConfig, hostOf } from "./resolve-app.ts";

/** Records what is wrong with the apps, each by itself and beside the others. */
export function checkApps(settings: Settings, config: StackConfig, problems: Problems): void {
  const { apps = {} } = settings;
  for (const app of config.apps) {
    checkAppSettings(apps[app.name] as AppSettings, app, settings, config, problems.at("apps", app.name));
  }
  checkAddresses(config.apps, problems.at("apps"));
  // Of two entry points of Traefik with one node port, Traefik's own check has recorded the second.
  const ofTraefik = new Map(traefikClaims(config).map((claim) => [claim.nodePort, claim]));
  checkNodePorts([...ofTraefik.values(), ...config.apps.flatMap(appClaims)], problems);
}

function checkAppSettings(
  settings: AppSettings,
  { name, spec, portal, namespace, middlewares }: AppConfig,
  { middlewares: known = {} }: Settings,
  config: StackConfig,
  problems: Problems,
): void {
  const { host, hosts, nginx, image } = settings;
  for (const key of ["route", "host", "hosts", "annotations", "portal", "signIn"] as const) {
    const reason =
      settings[key] === undefined || settings[key] === false ? undefined : unsuited(key, settings);
    if (reason !== undefined) problems.add(key, undefined, reason);
  }
  problems.unless(
    host === undefined || hosts === undefined,
    "host",
    host,
    "belongs into hosts, which names them all",
  );
  problems.check("namespace", settings.namespace, dnsLabel);
  problems.unless(
    namespace.length <= 63,
    "namespace",
    namespace,
    "must have at most 63 characters with project and stack",
  );
  middlewares.forEach((middleware, index) => {
    checkMiddlewareName(`[${index}]`, middleware, known, problems.at("middlewares"));
  });
  const { reachable } = websecureOf(config.traefik);
  problems.unless(
    nginx === undefined ||
      decidesRedirect(nginx) ||
      config.tls === false ||
      config.platformStack !== undefined ||
      reachable !== undefined,
    "nginx",
    undefined,
    'needs traefik.websecure.nodePort, to which plain http is redirected, or "ssl-redirect"',
  );
  problems.unless(!portal || image === "nginx", "portal", true, "needs the image nginx");
  problems.check("", name, serviceName);
  // A wrong name is recorded once, and not again for every name that is made of it.
  const object = serviceName.test(name) ? name : "app";
  const named = host === undefined && hosts === undefined && spec.hosts.length > 0;
  checkApp(
    object,
    {
      ...spec,
      hosts: named ? [hostOf(object, config.domain)] : spec.hosts,
      middlewares: middlewares.map((middleware) => ({ name: middleware })),
    },
    problems,
    config.traefik,
  );
}

/** A host and path lead to one app. */
function checkAddresses(apps: readonly AppConfig[], problems: Problems): void {
  const owners = new Map<string, string>();
  for (const { name, spec } of apps) {
    const { hosts, path = "/", pathType = "prefix", headers, query, methods } = spec;
    for (const host of new Set(hosts)) {
      const address = `${host}${path.replace(/\/+$/, "")}/`;
      const id = JSON.stringify([address, pathType, headers, query, methods]);
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, name);
      else problems.add(`${name}.path`, path, `is taken: apps.${owner} is at ${address}, too`);
    }
  }
}

/** Node ports that a stack asks for. */
export const nodePortClaims = (config: StackConfig): NodePortClaim[] => [
  ...traefikClaims(config),
  ...config.apps.flatMap(appClaims),
];

const traefikClaims = ({ traefik: { web, websecure, ports = {} } }: StackConfig): NodePortClaim[] => [
  ...claimOf("traefik.web", web),
  ...claimOf("traefik.websecure", websecure),
  ...Object.entries(ports).flatMap(([name, port]) => claimOf(`traefik.ports.${name}`, port)),
];

function appClaims({ name, spec }: AppConfig): NodePortClaim[] {
  return isServing(spec) ? claimOf(`apps.${name}`, spec) : [];
}

const claimOf = (key: string, { nodePort }: Pick<AppSettings, "nodePort"> = {}): NodePortClaim[] =>
  nodePort === undefined ? [] : [{ key: `${key}.nodePort`, nodePort }];
