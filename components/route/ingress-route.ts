import type { Input } from "@pulumi/pulumi";

import { matchPriority, matchRule } from "./match.ts";
import { matchesOf, servicesOf } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { defined, isList } from "../base/values.ts";
import { serviceSpec } from "./service-ref.ts";

/** What TLS of a route is, wherever its certificate comes from. */
interface TlsOptions {
  /** TLSOption: versions, cipher suites, client certificates. IngressRoute only. @default Traefik's */
  readonly options?:
    { readonly name: Input<string>; readonly namespace?: Input<string> | undefined } | undefined;
}

/** TLS of a route with a certificate from a Secret. */
export interface SecretTls extends TlsOptions {
  /** `kubernetes.io/tls` Secret of the route's namespace; Traefik serves its default certificate if it is elsewhere. */
  readonly secretName: Input<string>;
}

/** TLS of a route with a certificate that Traefik asks an ACME server for. Until it is there, it serves its default one. */
export interface ResolverTls extends TlsOptions {
  /** Name of one of Traefik's certificate resolvers: `acme` is the one that its `acme` makes. */
  readonly certResolver: string;
  /**
   * Names of one certificate for all hosts; routes that say the same share it.
   * @default a certificate for each rule
   */
  readonly domains?: readonly { readonly main: string; readonly sans?: readonly string[] }[] | undefined;
}

/** TLS of a route. */
export type RouteTls = SecretTls | ResolverTls;

/** A Secret of an Ingress that has several: of the hosts that a client may ask for by SNI, it is for these. */
export interface HostTls extends Omit<SecretTls, "options"> {
  /** Hosts of the route, or names that stand for them: `*.example.org`. */
  readonly hosts: readonly string[];
}

/** What an IngressRoute is made of. */
export interface IngressRouteArgs {
  readonly ingressClass: Input<string>;
  readonly entryPoints: readonly string[];
  readonly rules: readonly RouteRule[];
  readonly tls?: RouteTls | readonly HostTls[] | undefined;
}

/** TLS of a route with one certificate; none of an Ingress that has several. */
export const oneTls = (tls: RouteTls | readonly HostTls[] | undefined): RouteTls | undefined =>
  tls === undefined || isList<RouteTls | HostTls>(tls) ? undefined : tls;

/** A reference to a Middleware as Traefik's resources write it. */
export const middlewareRef = ({ name, namespace }: MiddlewareRef): object => defined({ name, namespace });

/** The `spec` of an IngressRoute: a route for each rule and host. */
export function ingressRouteSpec({ ingressClass, entryPoints, rules, tls }: IngressRouteArgs): object {
  const own = oneTls(tls);
  return defined({
    ingressClassName: ingressClass,
    entryPoints,
    routes: rules.flatMap(routes),
    tls: own && tlsSpec(own),
  });
}

function tlsSpec(tls: RouteTls): object {
  const options = tls.options && defined(tls.options);
  return "secretName" in tls
    ? defined({ secretName: tls.secretName, options })
    : defined({ certResolver: tls.certResolver, domains: tls.domains?.map(defined), options });
}

function routes(rule: RouteRule): object[] {
  const middlewares = (rule.middlewares ?? []).map(middlewareRef);
  const common = {
    kind: "Rule",
    middlewares: middlewares.length > 0 ? middlewares : undefined,
    services: servicesOf(rule).map(serviceSpec),
  };
  if (rule.match !== undefined) {
    return [defined({ match: rule.match, priority: rule.priority, ...common })];
  }
  return matchesOf(rule).map((match) =>
    defined({ match: matchRule(match), priority: rule.priority ?? matchPriority(match), ...common }),
  );
}
