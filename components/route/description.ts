import type { Input } from "@pulumi/pulumi";

import type { Place } from "../base/place.ts";
import { defined } from "../base/values.ts";
import type { GatewayRef } from "./http-route.ts";
import type { HostTls, RouteTls } from "./ingress-route.ts";
import type { NginxOptions } from "./nginx-annotations.ts";
import type { RouteKind } from "./objects.ts";
import { placeOfRoute } from "./resource.ts";
import type { RouteArgs } from "./route.ts";
import { type RouteRule, servicesOf } from "./rule.ts";
import { placesOfServices } from "./service-component.ts";
import type { ServiceRef } from "./service-ref.ts";

/** The description of a route that every kind is made from. */
export interface RouteDescription {
  readonly kind: RouteKind;
  readonly place: Place;
  readonly ingressClass: Input<string> | undefined;
  readonly gateway: GatewayRef | undefined;
  readonly entryPoints: readonly string[];
  readonly rules: readonly RouteRule[];
  readonly tls: RouteTls | readonly HostTls[] | undefined;
  readonly nginx: NginxOptions | undefined;
}

/** The services that rules lead to. */
export const servicesIn = (rules: readonly RouteRule[]): ServiceRef[] => rules.flatMap(servicesOf);

/** The description of a route, each rule with what it takes from the arguments beside them. */
export function describeRoute(args: RouteArgs): RouteDescription {
  const { hosts, path, pathType, headers, query, methods, clientIps, match } = args;
  const { priority, stripPrefix, middlewares, filters, service } = args;
  const conditions = { hosts, path, pathType, headers, query, methods, clientIps, match };
  const common = { ...conditions, priority, stripPrefix, middlewares, filters, service };
  const { kind = "ingressRoute", traefik, gateway, tls, redirectToHttps } = args;
  const rules = args.rules?.map((rule) => ({ ...common, ...defined(rule) })) ?? [common];
  const nginx =
    args.nginx && redirectToHttps !== undefined ? { ...args.nginx, "ssl-redirect": false } : args.nginx;
  return {
    kind,
    place: placeOfRoute(args, placesOfServices(servicesIn(rules))),
    ingressClass: traefik?.ingressClass,
    gateway,
    tls,
    nginx,
    entryPoints: args.entryPoints ?? [kind === "httpRoute" || tls !== undefined ? "websecure" : "web"],
    rules,
  };
}
