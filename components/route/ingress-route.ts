import type { Input } from "@pulumi/pulumi";

import { matchPriority, matchRule } from "./match.ts";
import { matchesOf, servicesOf } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { defined } from "../base/values.ts";
import { serviceSpec } from "./service-ref.ts";

/** TLS of a route. */
export interface RouteTls {
  /** `kubernetes.io/tls` Secret of the route's namespace; Traefik serves its default certificate if it is elsewhere. */
  readonly secretName: Input<string>;
  /** TLSOption: versions, cipher suites, client certificates. IngressRoute only. @default Traefik's */
  readonly options?:
    { readonly name: Input<string>; readonly namespace?: Input<string> | undefined } | undefined;
}

/** A Secret of an Ingress that has several: of the hosts that a client may ask for by SNI, it is for these. */
export interface HostTls extends Omit<RouteTls, "options"> {
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

/** A reference to a Middleware as Traefik's resources write it. */
export const middlewareRef = ({ name, namespace }: MiddlewareRef): object => defined({ name, namespace });

/** The `spec` of an IngressRoute: a route for each rule and host. */
export function ingressRouteSpec({ ingressClass, entryPoints, rules, tls }: IngressRouteArgs): object {
  return defined({
    ingressClassName: ingressClass,
    entryPoints,
    routes: rules.flatMap(routes),
    tls:
      tls && "secretName" in tls
        ? defined({ secretName: tls.secretName, options: tls.options && defined(tls.options) })
        : undefined,
  });
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
