import type { Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { address, headerName, oneOf, rule } from "../base/rules/index.ts";
import { anchored, normalPrefix } from "./match.ts";
import type { PathType, TextMatch } from "./match.ts";
import { servicesByKey, servicesOf, strippedPrefix } from "./rule.ts";
import type { RouteRule, NumberedRule } from "./rule.ts";
import { defined } from "../base/values.ts";
import { namedService, refuseWayToPods } from "./service-ref.ts";
import type { ServiceRef } from "./service-ref.ts";

/** The Gateway whose listeners lead to an HTTPRoute; the component `Gateway` is one. */
export interface GatewayRef {
  readonly name: Input<string>;
  /** @default the route's namespace */
  readonly namespace?: Input<string> | undefined;
}

/** What an HTTPRoute is made of. */
export interface HttpRouteArgs {
  readonly gateway: GatewayRef;
  /** Names of the Gateway's listeners. */
  readonly listeners: readonly string[];
  readonly rules: readonly RouteRule[];
}

/** Changes of headers: what is set replaces, what is added stays beside. */
export interface HeaderModifier {
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly add?: Readonly<Record<string, string>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** What a redirect changes of the URL. */
export interface RequestRedirect {
  readonly scheme?: "http" | "https" | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  /** Replaces the whole path. */
  readonly path?: string | undefined;
  /** @default 302 */
  readonly statusCode?: 301 | 302 | 303 | 307 | 308 | undefined;
}

/** Gateway API's own steps on the way to an app, in this order. One key each. */
export type HttpRouteFilter =
  | { readonly requestHeaders: HeaderModifier }
  | { readonly responseHeaders: HeaderModifier }
  | { readonly redirect: RequestRedirect }
  | { readonly rewrite: { readonly hostname?: string; readonly path?: string; readonly prefix?: string } };

/**
 * The `spec` of an HTTPRoute. Its lists are set as a whole by server-side apply, so they hold the API server's defaults as well:
 * without them, what is there differs from what was applied, and a run under another name conflicts.
 * Source: {@link https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec}.
 */
export function httpRouteSpec({ gateway, listeners, rules }: HttpRouteArgs): object {
  const [first] = rules;
  const hosts = first?.hosts ?? [];
  return {
    parentRefs: listeners.map((sectionName) => defined({ ...refOf(gateway), sectionName })),
    ...(hosts.length === 0 ? {} : { hostnames: hosts }),
    rules: rules.map(ruleSpec),
  };
}

const refOf = ({ name, namespace }: GatewayRef): object => ({
  group: "gateway.networking.k8s.io",
  kind: "Gateway",
  name,
  namespace,
});

function ruleSpec(rule: RouteRule): object {
  const filters = [
    ...(rule.middlewares ?? []).map(({ name }) => ({
      type: "ExtensionRef",
      extensionRef: { group: "traefik.io", kind: "Middleware", name },
    })),
    ...(rule.filters ?? []).map(filterSpec),
    ...(strippedPrefix(rule) === undefined ? [] : [filterSpec({ rewrite: { prefix: "/" } })]),
  ];
  const redirects = (rule.filters ?? []).some((filter) => "redirect" in filter);
  return {
    matches: matches(rule),
    ...(filters.length === 0 ? {} : { filters }),
    ...(redirects ? {} : { backendRefs: servicesOf(rule).map(backendRef) }),
  };
}

const PATH_TYPES = { prefix: "PathPrefix", exact: "Exact", regex: "RegularExpression" } as const;

function matches(rule: RouteRule): object[] {
  const { path = "/", pathType = "prefix", methods = [], headers = {}, query = {} } = rule;
  const match = {
    path: { type: PATH_TYPES[pathType], value: pathValue(path, pathType) },
    ...(Object.keys(headers).length === 0 ? {} : { headers: Object.entries(headers).map(textMatch) }),
    ...(Object.keys(query).length === 0 ? {} : { queryParams: Object.entries(query).map(textMatch) }),
  };
  return methods.length === 0 ? [match] : methods.map((method) => ({ ...match, method }));
}

function pathValue(path: string, type: PathType): string {
  if (type === "regex") return anchored(path);
  return type === "prefix" ? normalPrefix(path) : path;
}

const textMatch = ([name, match]: [string, TextMatch]): object =>
  typeof match === "string"
    ? { type: "Exact", name, value: match }
    : { type: "RegularExpression", name, value: match.regex };

function filterSpec(filter: HttpRouteFilter): object {
  if ("requestHeaders" in filter) {
    return { type: "RequestHeaderModifier", requestHeaderModifier: headerSpec(filter.requestHeaders) };
  }
  if ("responseHeaders" in filter) {
    return { type: "ResponseHeaderModifier", responseHeaderModifier: headerSpec(filter.responseHeaders) };
  }
  if ("redirect" in filter) {
    const { path, statusCode = 302, ...redirect } = filter.redirect;
    const pathSpec = path === undefined ? undefined : { type: "ReplaceFullPath", replaceFullPath: path };
    return { type: "RequestRedirect", requestRedirect: defined({ ...redirect, statusCode, path: pathSpec }) };
  }
  const { hostname, path, prefix } = filter.rewrite;
  const full = path === undefined ? undefined : { type: "ReplaceFullPath", replaceFullPath: path };
  const start = prefix === undefined ? undefined : { type: "ReplacePrefixMatch", replacePrefixMatch: prefix };
  return { type: "URLRewrite", urlRewrite: defined({ hostname, path: start ?? full }) };
}

const headerSpec = ({ set, add, remove }: HeaderModifier): object =>
  defined({ set: set && pairs(set), add: add && pairs(add), remove });

const pairs = (headers: Readonly<Record<string, string>>): object[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

function backendRef(service: ServiceRef): object {
  const { name, port, kind, weight = 1 } = namedService(service);
  return defined({
    ...(kind === "TraefikService" ? { group: "traefik.io", kind } : { group: "", kind: "Service" }),
    name,
    port,
    weight,
  });
}

const ON_SERVICE = "cannot be said by an HTTPRoute; use kind ingressRoute, or a TraefikService behind it";

/**
 * Methods that an HTTPRoute knows.
 * Source: `HTTPMethod` of {@link https://gateway-api.sigs.k8s.io/reference/spec/#httpmethod}.
 */
const gatewayMethod = oneOf("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH".split(" "));

/**
 * Characters that an HTTPRoute takes in a path; others are written as %xx.
 * Source: the validation of `HTTPPathMatch` in its CRD.
 */
const gatewayPath = rule<string>("must have its other characters written as %xx in an HTTPRoute", (path) =>
  /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(path),
);

/** A host of an HTTPRoute. */
const gatewayHost = rule<string>(
  "must be a name, not an address, in an HTTPRoute",
  (name) => !address.test(name),
);

/** Most entries that an HTTPRoute's lists hold. Source: its CRD. */
const MOST = { hosts: 16, headers: 16, query: 16, methods: 64, middlewares: 16 } as const;

/** Records what an HTTPRoute cannot say. */
export function checkHttpRoute(rules: readonly NumberedRule[], problems: Problems): void {
  for (const { path, rule } of rules) checkGatewayRule(rule, problems.at(...path));
  const hosts = new Set(rules.map(({ rule }) => JSON.stringify(rule.hosts ?? [])));
  problems.unless(
    hosts.size < 2,
    "hosts",
    undefined,
    "must be the same for all rules of an HTTPRoute; make a Route for each",
  );
}

function checkGatewayRule(rule: RouteRule, problems: Problems): void {
  const { match, clientIps, priority, path, pathType, hosts, methods, headers = {}, query = {} } = rule;
  problems.unless(match === undefined, "match", match, "is Traefik's language; use kind ingressRoute");
  const byMiddleware = "cannot be asked by an HTTPRoute; use an ipAllowList middleware";
  problems.unless(clientIps === undefined, "clientIps", clientIps, byMiddleware);
  const ranked = "cannot be given to an HTTPRoute, whose most specific match wins";
  problems.unless(priority === undefined, "priority", priority, ranked);
  if (pathType !== "regex") problems.check("path", path, gatewayPath);
  problems.checkEach("hosts", hosts, gatewayHost);
  problems.checkEach("methods", methods, gatewayMethod);
  for (const name of Object.keys(query)) problems.check("query", name, headerName);
  for (const [key, texts] of Object.entries({ headers, query })) {
    for (const [name, text] of Object.entries(texts)) {
      problems.unless(text !== "", `${key}.${name}`, text, "must not be empty in an HTTPRoute");
    }
  }
  for (const [key, most] of Object.entries(MOST)) {
    const entries = Object.keys(rule[key as keyof typeof MOST] ?? {}).length;
    problems.unless(entries <= most, key, undefined, `must have at most ${most} entries in an HTTPRoute`);
  }
  for (const middleware of rule.middlewares ?? []) {
    const own = middleware.namespace === undefined;
    problems.unless(own, "middlewares", middleware.namespace, "must be in the HTTPRoute's own namespace");
  }
  for (const [key, service] of servicesByKey(rule))
    refuseWayToPods(namedService(service), ON_SERVICE, problems.at(key));
}
