import {
  address,
  all,
  cidr,
  dnsLabel,
  portRange,
  registryHost,
  rule,
} from "../../components/base/rules/index.ts";
import type { Problems } from "../../components/base/errors.ts";
import { checkScraping } from "../../components/monitoring/scraping.ts";
import { checkQuota } from "../../components/platform/quota.ts";
import { host } from "../../components/route/match.ts";
import { checkMiddleware } from "../../components/route/middlewares/index.ts";
import { userName } from "../../components/route/middlewares/users.ts";
import { checkSources, checkTraefik } from "../../components/traefik/checks.ts";
import { checkTracing } from "../../components/traefik/tracing.ts";
import { checkSubject } from "../../components/tls/subject.ts";
import { checkValidity } from "../../components/tls/validity.ts";
import type { Settings } from "../settings/index.ts";
import { checkApps } from "./check-apps.ts";
import { checkContradictions } from "./check-contradictions.ts";
import { checkNames } from "./check-names.ts";
import { checkPlugins } from "./check-plugins.ts";
import { middlewareOf, type StackConfig } from "./resolve.ts";
import type { Shaped } from "./shape.ts";
import { nearest } from "./words.ts";

/**
 * Records what is wrong with settings whose shape is right.
 * @param config what the settings stand for
 */
export function checkSettings(
  { settings, plain }: Pick<Shaped, "settings" | "plain">,
  config: StackConfig,
  problems: Problems,
): void {
  const { project, stack } = config.stack;
  problems.check("stack", stack, dnsLabel);
  const { expires } = settings;
  problems.unless(
    expires === undefined || expires >= new Date().toISOString().slice(0, 10),
    "expires",
    expires,
    "has passed: slipway extend 7d gives the stack another week",
  );
  checkTls(settings, config, problems.at("tls"));
  checkQuota(config.quota, problems.at("quota"));
  problems.unless(
    settings.quota === undefined || config.team === undefined,
    "quota",
    undefined,
    `is for who makes the namespaces: platform.teams.${config.team ?? ""} of the platform's stack`,
  );
  // Where traces go is said of the whole stack, and checked there.
  const traefik = {
    ...config.traefik,
    tracing: undefined,
    stack: config.stack,
    namespace: `${project}-${stack}-traefik`,
  };
  checkTraefik(traefik, problems.at("traefik"));
  checkSources(traefik, problems.at("traefik"));
  checkDashboard(settings, config, problems.at("traefik", "dashboard"));
  // With the secrets as text: users' files are looked at, too.
  checkMiddlewares(plain, problems.at("middlewares"));
  checkApps(settings, config, problems);
  checkNames(config, problems);
  if (config.monitoring) checkScraping(config.monitoring, problems.at("monitoring", "scraping"));
  if (settings.tracing !== undefined) checkTracing(settings.tracing, problems.at("tracing"));
  for (const [name, { tracing }] of Object.entries(settings.apps ?? {})) {
    const known = settings.tracing !== undefined || tracing !== true;
    problems.unless(
      known,
      `apps.${name}.tracing`,
      true,
      "needs the stack's tracing, which says where traces go",
    );
  }
  checkPlugins(settings, problems);
  checkContradictions(settings, problems);
  checkOutside(settings, problems);
}

/** A host, or an address. */
const hostOrAddress = rule<string>(
  "must be a host's name or an address, without scheme, port and path",
  (text) => address.test(text) || host.test(text),
);

/** The host that the dashboard has to itself. */
const oneHost = all(
  host,
  rule<string>("must name one host", (text) => !text.startsWith("*.")),
);

/** Records what is wrong with the registry, and with where clients reach the stack. */
function checkOutside({ registry, registryAuth, endpoint }: Settings, problems: Problems): void {
  problems.check("registryAuth.server", registryAuth?.server, registryHost);
  problems.check("endpoint.address", endpoint?.address, hostOrAddress);
  problems.check("endpoint.nodePortRange", endpoint?.nodePortRange, portRange);
  problems.check("endpoint.nodeAddress", endpoint?.nodeAddress, hostOrAddress);
  problems.unless(
    registryAuth === undefined || (registryAuth.server ?? registry) !== undefined,
    "registryAuth.server",
    undefined,
    "is required where registry is not given",
  );
}

function checkTls({ tls = {} }: Settings, config: StackConfig, problems: Problems): void {
  const { algorithm = "ECDSA", keySize, curve } = tls;
  problems.unless(
    keySize === undefined || algorithm === "RSA",
    "keySize",
    keySize,
    "belongs to RSA; ECDSA keys have a curve",
  );
  problems.unless(
    curve === undefined || algorithm === "ECDSA",
    "curve",
    curve,
    "belongs to ECDSA; RSA keys have a keySize",
  );
  checkSubject(tls.subject ?? {}, problems.at("subject"));
  if (config.tls === false) return;
  const { authority, certificates } = config.tls;
  checkValidity(certificates, problems.at("certificates"));
  if (authority === undefined) return;
  problems.unless(
    certificates.validityDays <= authority.validityDays,
    "certificates.validityDays",
    certificates.validityDays,
    `must not be more than the authority's ${authority.validityDays}`,
  );
  checkSubject({ commonName: authority.subject.commonName }, problems.at("authority"));
  checkValidity(authority, problems.at("authority"));
}

function checkDashboard(
  { traefik }: Settings,
  { tls, dashboard: made }: StackConfig,
  problems: Problems,
): void {
  const { dashboard } = traefik ?? {};
  if (dashboard === undefined || made === undefined) return;
  problems.unless(tls !== false, "", undefined, "needs tls: its password must not travel readable");
  problems.check("host", dashboard.host, oneHost);
  for (const name of Object.keys(dashboard.users)) problems.check("users", name, userName);
  problems.unless(Object.keys(dashboard.users).length > 0, "users", undefined, "must hold at least one user");
  problems.unless(dashboard.allow.length > 0, "allow", undefined, "must hold at least one network");
  problems.checkEach("allow", dashboard.allow, cidr);
}

function checkMiddlewares({ middlewares = {} }: Settings, problems: Problems): void {
  for (const [name, middleware] of Object.entries(middlewares)) {
    problems.check(name, name, dnsLabel);
    checkMiddleware("", middlewareOf(middleware), problems.at(name));
    const { chain } = middleware;
    chain?.middlewares.forEach((link, index) => {
      checkMiddlewareName(`[${index}]`, link, middlewares, problems.at(name, "chain", "middlewares"));
    });
  }
}

/** Records a name that is none of a middleware's. */
export function checkMiddlewareName(
  key: string,
  name: string,
  middlewares: NonNullable<Settings["middlewares"]>,
  problems: Problems,
): void {
  const known = Object.keys(middlewares);
  const close = nearest(name, known);
  const names = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  problems.unless(
    known.includes(name),
    key,
    name,
    `must be one of middlewares: ${close === undefined ? names : `did you mean ${close}?`}`,
  );
}
