import { checkApp } from "../../components/app/check.ts";
import { decidesRedirect } from "../../components/app/spec.ts";
import { DNS_LABEL, isDnsLabel } from "../../components/base/checks.ts";
import { Problems, UserError } from "../../components/base/errors.ts";
import { checkMiddleware } from "../../components/route/middlewares/index.ts";
import { checkNodePorts, type NodePortClaim } from "../../components/service/node-ports.ts";
import { websecureOf } from "../../components/traefik/defaults.ts";
import { checkTraefik } from "../../components/traefik/checks.ts";
import type { AppSettings } from "./apps.ts";
import { tlsOf, traefikOf } from "./resolve.ts";
import { type AppConfig, appOf, type Context, namespaceOf } from "./resolve-app.ts";
import type { Settings } from "./schema.ts";
import { nearest } from "./words.ts";

/** Records what is wrong with settings whose keys are right each for itself. */
export function checkSettings(settings: Settings, context: Context, problems: Problems): void {
  const apps = Object.entries(settings.apps ?? {});
  const { project, stack } = context.stack;
  problems.unless(isDnsLabel(stack), "stack", stack, DNS_LABEL);
  checkTls(settings, context, problems);
  collect("traefik.", problems, () => {
    checkTraefik({ ...traefikOf(settings), stack: context.stack, namespace: `${project}-${stack}-traefik` });
  });
  checkDashboard(settings, problems);
  checkMiddlewares(settings, problems);
  for (const [name, app] of apps) checkAppSettings(name, app, settings, context, problems);
  checkAddresses(
    apps.map(([name, app]) => appOf(name, app, settings, context)),
    problems,
  );
  // Which of them Traefik asks for twice, its own check has said.
  const ofTraefik = new Map(traefikClaims(settings).map((claim) => [portOf(claim), claim]));
  checkNodePorts([...ofTraefik.values(), ...apps.flatMap(appClaims)], problems);
  if (settings.registryAuth !== undefined) {
    const known = settings.registryAuth.server ?? settings.registry;
    problems.unless(
      known !== undefined,
      "registryAuth.server",
      undefined,
      "is required where registry is not given",
    );
  }
}

/** Takes over the problems of a check that throws them or puts them in a list of its own. */
function collect(prefix: string, problems: Problems, check: (own: Problems) => void): void {
  const own = new Problems(prefix);
  try {
    check(own);
    own.throwIfAny();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.addAll(prefix.replace(/\.$/, ""), error.problems);
  }
}

function checkTls({ tls = {} }: Settings, { stack }: Context, problems: Problems): void {
  const { algorithm = "ECDSA", keySize, curve } = tls;
  problems.unless(
    keySize === undefined || algorithm === "RSA",
    "tls.keySize",
    keySize,
    "belongs to RSA; ECDSA keys have a curve",
  );
  problems.unless(
    curve === undefined || algorithm === "ECDSA",
    "tls.curve",
    curve,
    "belongs to ECDSA; RSA keys have a keySize",
  );
  const resolved = tlsOf(tls, stack);
  if (resolved === false) return;
  const { authority, certificates } = resolved;
  problems.unless(
    certificates.validityDays <= authority.validityDays,
    "tls.certificates.validityDays",
    certificates.validityDays,
    `must not be more than the authority's ${authority.validityDays}`,
  );
  for (const [key, { validityDays, earlyRenewalDays = 0 }] of Object.entries({ authority, certificates })) {
    problems.unless(
      earlyRenewalDays < validityDays,
      `tls.${key}.earlyRenewalDays`,
      earlyRenewalDays,
      `must be below the ${validityDays} of validityDays, or every up would issue it anew`,
    );
  }
}

function checkDashboard({ traefik, tls }: Settings, problems: Problems): void {
  const { dashboard } = traefik ?? {};
  if (dashboard === undefined) return;
  const key = "traefik.dashboard";
  problems.unless(tls?.enabled !== false, key, undefined, "needs tls: its password must not travel readable");
  problems.unless(
    Object.keys(dashboard.users).length > 0,
    `${key}.users`,
    undefined,
    "must hold at least one user",
  );
  problems.unless(dashboard.allow.length > 0, `${key}.allow`, undefined, "must hold at least one network");
}

function checkMiddlewares({ middlewares = {} }: Settings, problems: Problems): void {
  const names = Object.keys(middlewares);
  for (const [name, definition] of Object.entries(middlewares)) {
    const key = `middlewares.${name}`;
    problems.unless(isDnsLabel(name), key, name, DNS_LABEL);
    const own = new Problems(key);
    checkMiddleware(own, "", definition);
    for (const found of own.found) {
      problems.add(found.key === "" ? key : `${key}.${found.key}`, found.value, found.allowed);
    }
    const chained = definition.chain?.middlewares ?? [];
    chained.forEach((link, index) => {
      checkKnown(`${key}.chain.middlewares[${index}]`, link.name, names, problems);
    });
  }
}

function checkKnown(key: string, name: string, known: readonly string[], problems: Problems): void {
  if (known.includes(name)) return;
  const close = nearest(name, known);
  const names = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  problems.add(
    key,
    name,
    `must be one of middlewares: ${close === undefined ? names : `did you mean ${close}?`}`,
  );
}

function checkAppSettings(
  name: string,
  app: AppSettings,
  settings: Settings,
  context: Context,
  problems: Problems,
): void {
  const at = `apps.${name}.`;
  problems.unless(
    app.host === undefined || app.hosts === undefined,
    `${at}host`,
    app.host,
    "belongs into hosts, which names them all",
  );
  const namespace = namespaceOf(app, context.stack);
  problems.unless(
    namespace.length <= 63,
    `${at}namespace`,
    namespace,
    "must have at most 63 characters with project and stack",
  );
  const known = Object.keys(settings.middlewares ?? {});
  app.middlewares?.forEach((middleware, index) => {
    checkKnown(`${at}middlewares[${index}]`, middleware, known, problems);
  });
  const { reachable } = websecureOf({ ...traefikOf(settings), stack: context.stack, namespace: "" });
  const redirected =
    app.nginx !== undefined && !decidesRedirect(app.nginx) && settings.tls?.enabled !== false;
  problems.unless(
    !redirected || reachable !== undefined,
    `${at}nginx`,
    undefined,
    'needs traefik.websecure.nodePort, to which plain http is redirected, or "ssl-redirect"',
  );
  problems.unless(app.portal !== true || app.image === "nginx", `${at}portal`, true, "needs the image nginx");
  problems.unless(isDnsLabel(name), `apps.${name}`, name, DNS_LABEL);
  // Told once, a wrong name need not be told of everything that is named after it.
  const object = isDnsLabel(name) ? name : "app";
  collect(at, problems, (own) => {
    const { spec, middlewares } = appOf(object, app, settings, context);
    checkApp(object, { ...spec, middlewares: middlewares.map((middleware) => ({ name: middleware })) }, own);
  });
}

/** A host and path lead to one app. */
function checkAddresses(apps: readonly AppConfig[], problems: Problems): void {
  const owners = new Map<string, string>();
  for (const { name, spec } of apps) {
    const { hosts, path = "/", pathType = "prefix", headers, query, methods } = spec;
    for (const host of hosts) {
      const address = `${host}${path.replace(/\/+$/, "")}/`;
      const id = JSON.stringify([address, pathType, headers, query, methods]);
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, name);
      else problems.add(`apps.${name}.path`, path, `is taken: apps.${owner} is at ${address}, too`);
    }
  }
}

const traefikClaims = ({ traefik: { web, websecure, ports = {} } = {} }: Settings): NodePortClaim[] => [
  ...claimOf("traefik.web", web),
  ...claimOf("traefik.websecure", websecure),
  ...Object.entries(ports).flatMap(([name, port]) => claimOf(`traefik.ports.${name}`, port)),
];

function appClaims([name, { nodePort, ports = {} }]: [string, AppSettings]): NodePortClaim[] {
  const [first] = Object.values(ports);
  return claimOf(`apps.${name}`, { ...(typeof first === "object" && first), nodePort });
}

const portOf = ({ nodePort, protocol = "TCP" }: NodePortClaim): string => `${protocol} ${nodePort}`;

const claimOf = (
  key: string,
  { nodePort, protocol }: Pick<AppSettings, "nodePort"> & Pick<NodePortClaim, "protocol"> = {},
): NodePortClaim[] => (nodePort === undefined ? [] : [{ key: `${key}.nodePort`, nodePort, protocol }]);
