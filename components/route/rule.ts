import type { Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { isList, listOf } from "../base/values.ts";
import { addressOrCidr, complaint, headerName, method } from "../base/rules/index.ts";
import type { HttpRouteFilter } from "./http-route.ts";
import { checkPath, checkRule, checkTexts, host, normalPrefix } from "./match.ts";
import type { PathType, RequestMatch, TextMatch } from "./match.ts";
import { checkServiceRef, checkWeights } from "./service-ref.ts";
import type { ServiceRef } from "./service-ref.ts";

/** A Middleware by name; the component `Middleware` is one. */
export interface MiddlewareRef {
  readonly name: Input<string>;
  /**
   * Only where Traefik allows references across namespaces.
   * @default the route's namespace
   */
  readonly namespace?: Input<string> | undefined;
}

/**
 * Which requests go where, and through what. The same description for every kind of route; what a kind cannot express
 * is refused.
 */
export interface RouteRule {
  /**
   * Hosts, in lower case and without a port; `*.example.org` stands for one label.
   * @default any host
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Path, beginning with `/`. The prefix `/api` matches `/api` and `/api/…`, not `/apifoo`.
   * @default "/"
   */
  readonly path?: string | undefined;
  /** @default "prefix" */
  readonly pathType?: PathType | undefined;
  /** Headers the request must have, by name: a value, or `{ regex }`. */
  readonly headers?: Readonly<Record<string, TextMatch>> | undefined;
  /** Query parameters the request must have, by name: a value, or `{ regex }`. */
  readonly query?: Readonly<Record<string, TextMatch>> | undefined;
  /** HTTP methods, one of which the request must have: `["GET", "HEAD"]`. */
  readonly methods?: readonly string[] | undefined;
  /** Addresses or CIDRs, one of which the connection must come from. */
  readonly clientIps?: readonly string[] | undefined;
  /** A rule in Traefik's own language, instead of all of the above. IngressRoute only. */
  readonly match?: string | undefined;
  /**
   * Which rule is asked first; the highest is. A pattern may need it that lies under a prefix. Not for an HTTPRoute.
   * @default the more specific rule, as Traefik measures it by length; an exact path before its prefix, any host last
   */
  readonly priority?: number | undefined;
  /**
   * Takes the path off before the app sees it: `/api` becomes `/`, and `/api/x` becomes `/x`. The app is told by the header
   * `X-Forwarded-Prefix`. Happens after all `middlewares`, which see the path the client sent.
   * @default false
   */
  readonly stripPrefix?: boolean | undefined;
  /**
   * What requests go through, in this order.
   * @default none
   */
  readonly middlewares?: readonly MiddlewareRef[] | undefined;
  /** Gateway API's own steps, after the middlewares. HTTPRoute only. */
  readonly filters?: readonly HttpRouteFilter[] | undefined;
  /** Where requests go; several divide them by weight. Not with a `redirect` filter. */
  readonly service?: ServiceRef | readonly ServiceRef[] | undefined;
}

/** The services of a rule. */
export const servicesOf = (rule: RouteRule): readonly ServiceRef[] => listOf(rule.service);

/** The services of a rule with their keys: `service`, or `service[1]` where there are several. */
export const servicesByKey = (rule: RouteRule): readonly (readonly [string, ServiceRef])[] =>
  rule.service === undefined || isList(rule.service)
    ? servicesOf(rule).map((service, index) => [`service[${index}]`, service])
    : [["service", rule.service]];

/** The rule's match for each of its hosts. A rule for each, since Traefik ranks rules by length. */
export const matchesOf = ({ hosts = [], ...match }: RouteRule): RequestMatch[] =>
  (hosts.length === 0 ? [undefined] : hosts).map((host) => ({ ...match, host }));

/** The prefix a rule strips. */
export const strippedPrefix = (rule: RouteRule): string | undefined =>
  rule.stripPrefix === true ? normalPrefix(rule.path ?? "/") : undefined;

const CONDITIONS = ["hosts", "path", "pathType", "headers", "query", "methods", "clientIps"] as const;

/**
 * Which rule is asked first. The whole numbers that survive on the way through JSON; Traefik's own are `int64`.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/routing/rules-and-priority/}.
 */
const priority = complaint<number>((value) => {
  if (!Number.isInteger(value) || value < 1) return "must be a whole number of at least 1";
  return Number.isSafeInteger(value) ? undefined : `must be at most ${Number.MAX_SAFE_INTEGER}`;
});

const listsNothing = (what: string): string => `must hold at least one ${what}; leave it out for any`;

/** Records what is wrong with a rule whatever the kind of route. */
export function checkRouteRule(rule: RouteRule, problems: Problems): void {
  const { hosts, path, pathType = "prefix", headers = {}, query = {}, methods, clientIps } = rule;
  problems.checkEach("hosts", hosts, host);
  problems.checkDistinct("hosts", hosts);
  if (path !== undefined) checkPath(path, pathType, problems.at("path"));
  for (const name of Object.keys(headers)) problems.check("headers", name, headerName);
  checkTexts(headers, problems.at("headers"));
  checkTexts(query, problems.at("query"));
  problems.unless(methods?.length !== 0, "methods", [], listsNothing("method"));
  problems.checkEach("methods", methods, method);
  problems.unless(clientIps?.length !== 0, "clientIps", [], listsNothing("address"));
  problems.checkEach("clientIps", clientIps, addressOrCidr);
  if (rule.match !== undefined) {
    checkRule(rule.match, problems.at("match"));
    for (const key of CONDITIONS) {
      problems.unless(rule[key] === undefined, key, rule[key], "belongs into match, which replaces it");
    }
  }
  problems.check("priority", rule.priority, priority);
  if (rule.stripPrefix === true) checkStrip(rule, problems);
  checkServices(rule, problems);
}

function checkStrip(rule: RouteRule, problems: Problems): void {
  if (rule.match !== undefined || rule.pathType === "regex") {
    problems.add("stripPrefix", true, "needs a plain path; use a stripPrefixRegex middleware");
  } else {
    const some = strippedPrefix(rule) !== "/";
    problems.unless(some, "stripPrefix", true, 'needs a path to strip, other than "/"');
  }
}

function checkServices(rule: RouteRule, problems: Problems): void {
  const services = servicesOf(rule);
  const redirects = rule.filters?.some((filter) => "redirect" in filter) === true;
  problems.unless(
    services.length > 0 || redirects,
    "service",
    undefined,
    "is required: a Service, or { name, port }",
  );
  for (const [key, service] of servicesByKey(rule)) checkServiceRef(service, problems.at(key));
  if (rule.service !== undefined && isList(rule.service)) checkWeights(services, problems.at("service"));
}

/** A rule, and where it is in a route's arguments: nowhere where it is the only one. */
export interface NumberedRule {
  readonly path: readonly (string | number)[];
  readonly rule: RouteRule;
}
