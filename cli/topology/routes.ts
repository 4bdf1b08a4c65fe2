import { annotationsOf, specOf, type StackObject } from "../objects/object.ts";
import { isMap, listAt, mapAt, textAt, textsAt, valueAt, type Value } from "../preview/values.ts";
import { type Address, ruleAddresses } from "./rule.ts";
import { describeRef, groupOf } from "../../kubernetes/object.ts";

/** How requests get from an address to Services, by one rule of a route. */
export interface RouteRule {
  /** The route's title, `IngressRoute shop/web`. */
  readonly route: string;
  readonly protocol: "http" | "tcp" | "udp";
  readonly addresses: readonly Address[];
  /** Whether the route itself asks for TLS. */
  readonly tls: boolean;
  /** Entry points by name; empty for whichever are the proxy's default. */
  readonly entryPoints: readonly string[];
  /** Ports and TLS of the listeners that a Gateway says itself. */
  readonly listeners: readonly Listener[];
  /** Titles of middlewares, in order. */
  readonly middlewares: readonly string[];
  readonly backends: readonly Backend[];
  /** Titles of what else it relies on: a certificate's Secret, TLS options, a Gateway. */
  readonly relies: readonly string[];
}

export interface Listener {
  readonly port: number | undefined;
  readonly tls: boolean;
  readonly hostname: string;
}

/** What a rule leads to. */
export interface Backend {
  /** `Service shop/web`, or a TraefikService. */
  readonly title: string;
  /** Number or name; `undefined` where there is nothing to choose. */
  readonly port: number | string | undefined;
}

/** The rules of a route of whatever kind; none for what is no route. */
export function rulesOf(object: StackObject, objects: readonly StackObject[]): readonly RouteRule[] {
  switch (object.kind) {
    case "IngressRoute":
      return traefikRules(object, "http");
    case "IngressRouteTCP":
      return traefikRules(object, "tcp");
    case "IngressRouteUDP":
      return traefikRules(object, "udp");
    case "Ingress":
      return ingressRules(object, objects);
    case "HTTPRoute":
    case "GRPCRoute":
    case "TLSRoute":
    case "TCPRoute":
    case "UDPRoute":
      return groupOf(object.apiVersion) === "gateway.networking.k8s.io" ? gatewayRules(object, objects) : [];
    default:
      return [];
  }
}

const title = (kind: string, namespace: string, name: string): string =>
  describeRef({ kind, namespace, name });

/** A reference of Traefik's to an object, which is in the route's namespace unless it says otherwise. */
const referred = (object: StackObject, kind: string, reference: Value | undefined): string =>
  title(kind, textAt(reference, "namespace") ?? object.namespace, textAt(reference, "name") ?? "");

function portOf(reference: Value | undefined, key = "port"): number | string | undefined {
  const port = valueAt(reference, key);
  return typeof port === "number" || typeof port === "string" ? port : undefined;
}

function traefikRules(object: StackObject, protocol: RouteRule["protocol"]): readonly RouteRule[] {
  const spec = specOf(object);
  const tls = valueAt(spec, "tls");
  const secret = textAt(tls, "secretName");
  const options = valueAt(tls, "options");
  const middleware = protocol === "tcp" ? "MiddlewareTCP" : "Middleware";
  return listAt(spec, "routes").map((rule) => ({
    route: describeRef(object),
    protocol,
    addresses: protocol === "udp" ? [{ host: "*", path: "/" }] : ruleAddresses(textAt(rule, "match") ?? ""),
    tls: isMap(tls),
    entryPoints: textsAt(spec, "entryPoints"),
    listeners: [],
    middlewares: listAt(rule, "middlewares").map((reference) => referred(object, middleware, reference)),
    backends: listAt(rule, "services").map((reference) => backendOf(object, reference)),
    relies: [
      ...(secret === undefined ? [] : [title("Secret", object.namespace, secret)]),
      ...(options === undefined ? [] : [referred(object, "TLSOption", options)]),
    ],
  }));
}

/** A Service or TraefikService as an IngressRoute or TraefikService names it. */
export const backendOf = (object: StackObject, reference: Value): Backend => ({
  title: referred(object, textAt(reference, "kind") ?? "Service", reference),
  port: portOf(reference),
});

/** What an Ingress tells Traefik of its router by an annotation: `tls.certresolver`. */
export const routerAnnotation = (object: StackObject, key: string): string | undefined =>
  textAt(annotationsOf(object), `traefik.ingress.kubernetes.io/router.${key}`);

function ingressRules(object: StackObject, objects: readonly StackObject[]): readonly RouteRule[] {
  const spec = specOf(object);
  const split = (key: string): readonly string[] =>
    (routerAnnotation(object, key) ?? "").split(",").filter(Boolean);
  const tls = listAt(spec, "tls");
  const secured = (host: string): boolean =>
    routerAnnotation(object, "tls") === "true" ||
    tls.some((entry) => textsAt(entry, "hosts").length === 0 || textsAt(entry, "hosts").includes(host));
  const backend = (value: Value | undefined): readonly Backend[] => {
    const service = valueAt(value, "service");
    const name = textAt(service, "name");
    const port = portOf(valueAt(service, "port"), "number") ?? portOf(valueAt(service, "port"), "name");
    return name === undefined ? [] : [{ title: title("Service", object.namespace, name), port }];
  };
  const common = {
    route: describeRef(object),
    protocol: "http",
    entryPoints: split("entrypoints"),
    listeners: [],
    middlewares: split("middlewares").map((reference) => middlewareTitle(reference, objects)),
    relies: tls.flatMap((entry) => {
      const secret = textAt(entry, "secretName");
      return secret === undefined ? [] : [title("Secret", object.namespace, secret)];
    }),
  } as const;
  const rules = listAt(spec, "rules").flatMap((rule) => {
    const host = textAt(rule, "host") ?? "*";
    return listAt(rule, "http", "paths").map((path) => ({
      ...common,
      addresses: [{ host, path: textAt(path, "path") ?? "/" }],
      tls: secured(host),
      backends: backend(valueAt(path, "backend")),
    }));
  });
  const otherwise = backend(valueAt(spec, "defaultBackend"));
  return otherwise.length === 0
    ? rules
    : [
        ...rules,
        { ...common, addresses: [{ host: "*", path: "/" }], tls: tls.length > 0, backends: otherwise },
      ];
}

/** `shop-login@kubernetescrd` is the Middleware `login` in the namespace `shop`; only the object itself tells where it is cut. */
function middlewareTitle(reference: string, objects: readonly StackObject[]): string {
  const joined = reference.trim().replace(/@.*$/, "");
  const found = objects.find(
    ({ kind, namespace, name }) => kind === "Middleware" && `${namespace}-${name}` === joined,
  );
  return found === undefined ? `Middleware ${joined}` : describeRef(found);
}

function gatewayRules(object: StackObject, objects: readonly StackObject[]): readonly RouteRule[] {
  const spec = specOf(object);
  const parents = listAt(spec, "parentRefs").map((reference) => ({
    gateway: referred(object, textAt(reference, "kind") ?? "Gateway", reference),
    section: textAt(reference, "sectionName"),
    port: portOf(reference),
  }));
  const listeners = parents.flatMap(({ gateway, section, port }) => {
    const found = objects.find((candidate) => describeRef(candidate) === gateway);
    return listAt(found && specOf(found), "listeners")
      .filter((listener) => section === undefined || textAt(listener, "name") === section)
      .filter((listener) => port === undefined || valueAt(listener, "port") === port)
      .map((listener): Listener => ({
        port: Number(valueAt(listener, "port")) || undefined,
        tls: ["HTTPS", "TLS"].includes(textAt(listener, "protocol") ?? ""),
        hostname: textAt(listener, "hostname") ?? "*",
      }));
  });
  const hosts = textsAt(spec, "hostnames");
  const named = listeners.map(({ hostname }) => hostname).filter((hostname) => hostname !== "*");
  const own = hosts.length > 0 ? hosts : named.length > 0 ? named : ["*"];
  const protocol =
    object.kind === "UDPRoute" ? "udp" : ["TCPRoute", "TLSRoute"].includes(object.kind) ? "tcp" : "http";
  return listAt(spec, "rules").map((rule) => {
    const paths = listAt(rule, "matches").map((match) => textAt(match, "path", "value") ?? "/");
    return {
      route: describeRef(object),
      protocol,
      addresses: own.flatMap((host) =>
        (paths.length === 0 ? ["/"] : [...new Set(paths)]).map((path) => ({ host, path })),
      ),
      tls: false,
      entryPoints: [],
      listeners,
      middlewares: listAt(rule, "filters").flatMap((filter) => {
        const reference = mapAt(filter, "extensionRef");
        const kind = textAt(reference, "kind");
        return kind === undefined ? [] : [referred(object, kind, reference)];
      }),
      backends: listAt(rule, "backendRefs").map((reference) => backendOf(object, reference)),
      relies: parents.map(({ gateway }) => gateway),
    };
  });
}
