import type { Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { defined } from "../base/values.ts";
import type { Service } from "../service/service.ts";
import { checkPort, componentOf, firstPort, isComponent, isService } from "./service-component.ts";
import type { TraefikService } from "./traefik-service.ts";
import { count, dnsLabel, objectName, port as portRule, rule } from "../base/rules/index.ts";

/** Attributes of the cookie that keeps a client with one server. */
export interface StickyCookie {
  /** Name of the cookie. @default a name Traefik derives from the service */
  readonly name?: string | undefined;
  /** Sent over https only. @default false */
  readonly secure?: boolean | undefined;
  /** Hidden from scripts. @default false */
  readonly httpOnly?: boolean | undefined;
  /** Whether it goes along with requests from other sites. @default the browser's choice */
  readonly sameSite?: "none" | "lax" | "strict" | undefined;
  /** Seconds the cookie lives; 0 as long as the browser runs. @default 0 */
  readonly maxAge?: number | undefined;
  /** Path below which it is sent. @default "/" */
  readonly path?: string | undefined;
  /** Domain it is sent to. @default the request's host */
  readonly domain?: string | undefined;
}

/** What may be said of the way from Traefik to a Service's pods, and of its share. */
export interface ServiceOptions {
  /**
   * Share among the services of one rule; 0 takes no traffic.
   * @default 1
   */
  readonly weight?: number | undefined;
  /**
   * Protocol towards the pods; `h2c` is HTTP/2 without TLS, as gRPC servers speak it.
   * @default "https" where the port is 443 or is named https…, else "http"
   */
  readonly scheme?: "http" | "https" | "h2c" | undefined;
  /** Keeps a client with one pod by a cookie; `true` for a session cookie with Traefik's name. */
  readonly sticky?: boolean | StickyCookie | undefined;
  /** Whether the pod sees the host the client asked for. @default true */
  readonly passHostHeader?: boolean | undefined;
  /** How pods are chosen: in turn, the less busy of two, by the client's address, or the fastest. @default "wrr" */
  readonly strategy?: "wrr" | "p2c" | "hrw" | "leasttime" | undefined;
  /** ServersTransport of the same namespace: certificate authority, timeouts towards the pods. */
  readonly serversTransport?: Input<string> | undefined;
  /** Leaves the choice of the pod to the Service instead of Traefik. @default false */
  readonly nativeLB?: boolean | undefined;
}

/** A Service of the same namespace that is made elsewhere, or a TraefikService, by its name. */
export interface NamedService extends ServiceOptions {
  /** Name of the Service or TraefikService. */
  readonly name: Input<string>;
  /** Port number or name. Required for a Service, not allowed for a TraefikService. */
  readonly port?: Input<number> | Input<string> | undefined;
  /** Which of the two it is. @default "Service" */
  readonly kind?: "Service" | "TraefikService" | undefined;
}

/** A Service or TraefikService of this program, with more to say of it. */
export interface ServiceWithOptions extends ServiceOptions {
  /** Where the requests go. */
  readonly service: Service | TraefikService;
  /**
   * Name or number of one of the Service's ports.
   * @default its first TCP port
   */
  readonly port?: number | string | undefined;
}

/** Where requests are led: the component `Service` or `TraefikService`, alone or with options, or one by its name. */
export type ServiceRef = Service | TraefikService | ServiceWithOptions | NamedService;

/** A reference as manifests name it. */
export function namedService(ref: ServiceRef): NamedService {
  if ("name" in ref && !isComponent(ref)) return ref;
  const { service, port, ...options } = isComponent(ref) ? { service: ref } : ref;
  if (!isService(service)) return { name: service.name, kind: service.kind, port, ...options };
  return { name: service.name, port: port ?? firstPort(service, "TCP"), ...options };
}

/** Stickiness as Traefik's resources write it. */
export const stickySpec = (sticky: boolean | StickyCookie | undefined): object | undefined =>
  sticky === undefined || sticky === false ? undefined : { cookie: sticky === true ? {} : defined(sticky) };

/** A reference as IngressRoute and TraefikService write it. */
export function serviceSpec(ref: ServiceRef): object {
  const service = namedService(ref);
  const { name, kind = "Service", port, weight, scheme, sticky } = service;
  const { passHostHeader, strategy, serversTransport, nativeLB } = service;
  const rest = { passHostHeader, strategy, serversTransport, nativeLB };
  return defined({ name, kind, port, weight, scheme, sticky: stickySpec(sticky), ...rest });
}

/** What a reference says of the way to the pods, which Traefik's own resources alone can. */
const WAY_TO_PODS = [
  "scheme",
  "sticky",
  "passHostHeader",
  "strategy",
  "serversTransport",
  "nativeLB",
] as const;

/** Records what a reference says of the way to the pods where that cannot be said. */
export function refuseWayToPods(ref: NamedService, why: string, problems: Problems): void {
  for (const field of WAY_TO_PODS) problems.unless(ref[field] === undefined, field, ref[field], why);
}

const weight = rule<number>("must be a whole number of at least 0", count.test);

/** Records what is wrong with a reference. */
export function checkServiceRef(given: ServiceRef, problems: Problems): void {
  const service = componentOf(given);
  const ref = namedService(given);
  if (ref.kind === "TraefikService") {
    const why = "belongs to the services below the TraefikService";
    problems.unless(ref.port === undefined, "port", ref.port, why);
    refuseWayToPods(ref, why, problems);
  } else if (service !== undefined && isService(service)) {
    checkPort(service, ref.port, "TCP", problems);
  } else {
    problems.unless(ref.port !== undefined, "port", undefined, "is required: a port number or name");
    if (typeof ref.port === "number") problems.check("port", ref.port, portRule);
    if (typeof ref.port === "string") problems.check("port", ref.port, dnsLabel);
    problems.check("name", ref.name, objectName);
  }
  problems.check("weight", ref.weight, weight);
  problems.check("serversTransport", ref.serversTransport, objectName);
}

/** Records services that divide requests between them so that none gets any. */
export function checkWeights(services: readonly ServiceRef[], problems: Problems): void {
  const weights = services.map((ref) => namedService(ref).weight);
  const some = services.length === 0 || weights.some((weight) => weight !== 0);
  problems.unless(some, "", weights, "must leave at least one weight above 0");
}
