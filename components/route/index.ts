export type { GatewayRef, HeaderModifier, HttpRouteFilter, RequestRedirect } from "./http-route.ts";
export type { HostTls, ResolverTls, RouteTls, SecretTls } from "./ingress-route.ts";
export type { PathType, RegexMatch, TextMatch } from "./match.ts";
export { Middleware, type MiddlewareArgs } from "./middleware.ts";
export type { MiddlewareDefinition, MiddlewareKind, MiddlewareKinds } from "./middlewares/index.ts";
export type { NginxAnnotation, NginxOptions } from "./nginx-annotations.ts";
export type { RouteKind } from "./objects.ts";
export { Route, type RouteArgs } from "./route.ts";
export type { MiddlewareRef, RouteRule } from "./rule.ts";
export type {
  NamedService,
  ServiceOptions,
  ServiceRef,
  ServiceWithOptions,
  StickyCookie,
} from "./service-ref.ts";
export type { TraefikRef } from "./resource.ts";
export { Gateway, type GatewayArgs, type Listener } from "./gateway.ts";
export { TcpMiddleware, type TcpMiddlewareArgs } from "./tcp-middleware.ts";
export { TcpRoute, type TcpRouteArgs, type TcpTls } from "./tcp-route.ts";
export {
  type Failover,
  type HighestRandomWeight,
  type Mirroring,
  TraefikService,
  type TraefikServiceArgs,
  type Weighted,
} from "./traefik-service.ts";
export type { TransportServiceRef } from "./transport.ts";
export { UdpRoute } from "./udp-route.ts";
