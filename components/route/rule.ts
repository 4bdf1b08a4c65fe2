import { isIP } from "node:net";

import type { Input } from "@pulumi/pulumi";

import { isCidr } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";
import { isList, listOf } from "../base/values.ts";
import type { HttpRouteFilter } from "./http-route.ts";
import { checkPath, checkRule, checkTexts, isHost, normalPrefix } from "./match.ts";
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
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Records what is wrong with a rule whatever the kind of route. */
export function checkRouteRule(problems: Problems, at: string, rule: RouteRule): void {
  const { path, pathType = "prefix" } = rule;
  for (const [index, host] of (rule.hosts ?? []).entries()) {
    const allowed = host.includes(":")
      ? "must not have a port: a host is matched without it"
      : "must be a DNS name in lower case, with at most a leading *.";
    problems.unless(isHost(host), `${at}hosts[${index}]`, host, allowed);
  }
  if (path !== undefined) checkPath(problems, `${at}path`, path, pathType);
  for (const name of Object.keys(rule.headers ?? {})) {
    problems.unless(HEADER_NAME.test(name), `${at}headers`, name, "must be a header's name");
  }
  checkTexts(problems, `${at}headers`, rule.headers);
  checkTexts(problems, `${at}query`, rule.query);
  for (const [index, method] of (rule.methods ?? []).entries()) {
    problems.unless(
      /^[A-Z]+$/.test(method),
      `${at}methods[${index}]`,
      method,
      "must be in capitals, as in GET",
    );
  }
  for (const [index, address] of (rule.clientIps ?? []).entries()) {
    const ok = isCidr(address) || isIP(address) !== 0;
    problems.unless(ok, `${at}clientIps[${index}]`, address, "must be an address or a CIDR: 10.0.0.0/8");
  }
  if (rule.match !== undefined) {
    checkRule(problems, `${at}match`, rule.match);
    for (const key of CONDITIONS) {
      problems.unless(
        rule[key] === undefined,
        `${at}${key}`,
        rule[key],
        "belongs into match, which replaces it",
      );
    }
  }
  if (rule.priority !== undefined) {
    const ok = Number.isInteger(rule.priority) && rule.priority >= 1;
    problems.unless(ok, `${at}priority`, rule.priority, "must be a whole number of at least 1");
  }
  if (rule.stripPrefix === true) checkStrip(problems, at, rule);
  checkServices(problems, at, rule);
}

function checkStrip(problems: Problems, at: string, rule: RouteRule): void {
  if (rule.match !== undefined || rule.pathType === "regex") {
    problems.add(`${at}stripPrefix`, true, "needs a plain path; use a stripPrefixRegex middleware");
  } else {
    problems.unless(
      strippedPrefix(rule) !== "/",
      `${at}stripPrefix`,
      true,
      'needs a path to strip, other than "/"',
    );
  }
}

function checkServices(problems: Problems, at: string, rule: RouteRule): void {
  const services = servicesOf(rule);
  const redirects = rule.filters?.some((filter) => "redirect" in filter) === true;
  problems.unless(
    services.length > 0 || redirects,
    `${at}service`,
    undefined,
    "is required: a Service, or { name, port }",
  );
  if (rule.service !== undefined && !isList(rule.service))
    for (const ref of services) checkServiceRef(problems, `${at}service`, ref);
  else checkWeights(problems, `${at}service`, services);
}
