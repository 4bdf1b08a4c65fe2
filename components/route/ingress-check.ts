import type { Problems } from "../base/errors.ts";
import { address, rule } from "../base/rules/index.ts";
import type { NginxOptions } from "./nginx-annotations.ts";
import { type NumberedRule, type RouteRule, servicesOf } from "./rule.ts";
import { namedService, type NamedService, refuseWayToPods } from "./service-ref.ts";

const ONLY_HOSTS_AND_PATHS =
  "cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute";
const ON_SERVICE = "is an annotation of the Service for an Ingress, not of the route; use kind ingressRoute";

/** A host of an Ingress. */
const ingressHost = rule<string>(
  "must be a name, not an address, in an Ingress",
  (name) => !address.test(name),
);

const ingressPath = rule<string>('must begin with "/" in an Ingress; for "^" use kind ingressRoute', (path) =>
  path.startsWith("/"),
);

/** Records what an Ingress cannot say. */
export function checkIngress(
  rules: readonly NumberedRule[],
  nginx: NginxOptions | undefined,
  problems: Problems,
): void {
  for (const { path, rule } of rules) checkIngressRule(rule, nginx, problems.at(...path));
  const middlewares = new Set(rules.map(({ rule }) => namesOf(rule)));
  problems.unless(
    middlewares.size < 2,
    "middlewares",
    undefined,
    "must be the same for all rules of an Ingress, which holds them in one annotation; make a Route for each",
  );
}

function checkIngressRule(rule: RouteRule, nginx: NginxOptions | undefined, problems: Problems): void {
  for (const key of ["match", "headers", "query", "methods", "clientIps", "filters"] as const) {
    problems.unless(rule[key] === undefined, key, rule[key], ONLY_HOSTS_AND_PATHS);
  }
  problems.checkEach("hosts", rule.hosts, ingressHost);
  problems.check("path", rule.path, ingressPath);
  const services = servicesOf(rule);
  problems.unless(
    services.length < 2,
    "service",
    services.map((service) => namedService(service).name),
    "must be one: an Ingress cannot divide; use kind ingressRoute or httpRoute, or nginx's canary",
  );
  for (const service of services) checkService(namedService(service), problems.at("service"));
  if (nginx !== undefined) checkBesideNginx(rule, nginx, problems);
}

const namesOf = (rule: RouteRule): string =>
  JSON.stringify((rule.middlewares ?? []).map(({ name }) => (typeof name === "string" ? name : "?")));

function checkService(service: NamedService, problems: Problems): void {
  problems.unless(
    service.kind !== "TraefikService",
    "kind",
    service.kind,
    "cannot be reached from an Ingress; use kind ingressRoute or httpRoute",
  );
  refuseWayToPods(service, ON_SERVICE, problems);
}

/** A path that Traefik takes for a plain one beside nginx's annotations; with any other it drops the whole Ingress. */
const nginxPath = rule<string>('needs pathType "regex" and "use-regex": true', (path) =>
  /^\/[A-Za-z0-9._/-]*$/.test(path),
);

function checkBesideNginx(rule: RouteRule, nginx: NginxOptions, problems: Problems): void {
  const { path = "/", pathType = "prefix", middlewares = [] } = rule;
  if (pathType === "regex") {
    const isRegex = String(nginx["use-regex"]) === "true" || nginx["rewrite-target"] !== undefined;
    problems.unless(isRegex, "pathType", pathType, 'needs "use-regex": true beside it in nginx');
  } else problems.check("path", path, nginxPath);
  problems.unless(
    rule.stripPrefix !== true,
    "stripPrefix",
    true,
    `stands for a middleware; with nginx write path "${path}(/|$)(.*)", pathType "regex" and rewrite-target "/$2"`,
  );
  problems.unless(
    middlewares.length === 0,
    "middlewares",
    undefined,
    "are not read beside nginx's annotations; use one of them, or kind ingressRoute",
  );
  const ranked = "cannot be said by nginx's annotations; use kind ingressRoute";
  problems.unless(rule.priority === undefined, "priority", rule.priority, ranked);
}
