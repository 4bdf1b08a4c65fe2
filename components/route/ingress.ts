import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { isList } from "../base/values.ts";
import { type HostTls, oneTls, type ResolverTls, type RouteTls } from "./ingress-route.ts";
import { normalPrefix } from "./match.ts";
import type { NginxOptions } from "./nginx-annotations.ts";
import { crdReference, nginxClass } from "./traefik-names.ts";
import { pathSlug } from "./resource.ts";
import { servicesOf, strippedPrefix } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { namedService } from "./service-ref.ts";

/** What an Ingress is made of. */
export interface IngressArgs {
  readonly namespace: pulumi.Input<string>;
  readonly ingressClass: pulumi.Input<string>;
  readonly entryPoints: readonly string[];
  readonly rules: readonly RouteRule[];
  readonly tls?: RouteTls | readonly HostTls[] | undefined;
  readonly nginx?: NginxOptions | undefined;
}

/** One Ingress of a route. */
export interface IngressObject {
  /** What its name has after the route's. */
  readonly suffix: string;
  readonly annotations: Record<string, pulumi.Input<string>>;
  readonly spec: k8s.types.input.networking.v1.IngressSpec;
}

const ROUTER = "traefik.ingress.kubernetes.io/router.";
const PATH_TYPES = { prefix: "Prefix", exact: "Exact", regex: "ImplementationSpecific" } as const;

/** Above the length of any rule, by which Traefik ranks the others. */
const EXACT_PRIORITY = 10_000;

/**
 * The Ingresses of a route. Traefik's annotations hold for a whole Ingress, so rules that need different ones are in
 * Ingresses of their own: an exact path gets a priority, since its rule is shorter than that of a prefix above it.
 */
export function ingressObjects(args: IngressArgs): IngressObject[] {
  const groups = new Map<string, RouteRule[]>();
  for (const rule of args.rules) {
    const suffix = groupSuffix(rule, args.nginx !== undefined);
    groups.set(suffix, [...(groups.get(suffix) ?? []), rule]);
  }
  return [...groups].map(([suffix, rules]) => ({
    suffix: groups.size === 1 ? "" : suffix,
    annotations: args.nginx === undefined ? annotations(args, rules) : {},
    spec: spec(args, rules),
  }));
}

/** What keeps a rule apart from the plain ones. */
function groupSuffix(rule: RouteRule, nginx: boolean): string {
  const { pathType = "prefix" } = rule;
  const parts = [
    ...(isDefault(rule) ? ["default"] : []),
    // ingress-nginx's annotations say nothing about ranking: its provider ranks by itself.
    ...(pathType === "prefix" || nginx ? [] : [pathType]),
    ...(rule.stripPrefix === true ? [`strip${pathSlug(strippedPrefix(rule) ?? "")}`] : []),
    ...(rule.priority === undefined ? [] : [`priority-${rule.priority}`]),
  ];
  return parts.map((part) => `-${part}`).join("");
}

/** A rule for every request that no other one wants. */
const isDefault = (rule: RouteRule): boolean =>
  (rule.hosts ?? []).length === 0 &&
  (rule.pathType ?? "prefix") === "prefix" &&
  normalPrefix(rule.path ?? "/") === "/";

function annotations(args: IngressArgs, rules: readonly RouteRule[]): Record<string, pulumi.Input<string>> {
  const [first] = rules;
  const middlewares = first?.middlewares ?? [];
  const priority = first?.priority ?? (first?.pathType === "exact" ? EXACT_PRIORITY : undefined);
  const tls = oneTls(args.tls);
  const { options } = tls ?? {};
  return {
    [`${ROUTER}entrypoints`]: args.entryPoints.join(","),
    ...(args.tls === undefined ? {} : { [`${ROUTER}tls`]: "true" }),
    ...(options === undefined ? {} : { [`${ROUTER}tls.options`]: reference(args.namespace, options) }),
    ...(tls && "certResolver" in tls ? resolverAnnotations(tls) : {}),
    ...(middlewares.length === 0
      ? {}
      : {
          [`${ROUTER}middlewares`]: pulumi
            .all(middlewares.map((middleware) => reference(args.namespace, middleware)))
            .apply((names) => names.join(",")),
        }),
    ...(first?.pathType === "regex" ? { [`${ROUTER}pathmatcher`]: "PathRegexp" } : {}),
    ...(priority === undefined ? {} : { [`${ROUTER}priority`]: String(priority) }),
  };
}

/** What an Ingress says of a certificate that Traefik asks for. */
const resolverAnnotations = ({ certResolver, domains = [] }: ResolverTls): Record<string, string> => ({
  [`${ROUTER}tls.certresolver`]: certResolver,
  ...Object.fromEntries(
    domains.flatMap(({ main, sans = [] }, index) => [
      [`${ROUTER}tls.domains.${index}.main`, main] as const,
      ...(sans.length > 0 ? [[`${ROUTER}tls.domains.${index}.sans`, sans.join(",")] as const] : []),
    ]),
  ),
});

/** A custom resource of Traefik's as its other providers name it. */
const reference = (namespace: pulumi.Input<string>, ref: MiddlewareRef): pulumi.Output<string> =>
  crdReference(ref.namespace ?? namespace, ref.name);

function spec(args: IngressArgs, rules: readonly RouteRule[]): k8s.types.input.networking.v1.IngressSpec {
  const { tls, nginx } = args;
  const ingressClassName =
    nginx === undefined ? args.ingressClass : pulumi.output(args.ingressClass).apply(nginxClass);
  const hosts = [...new Set(rules.flatMap((rule) => rule.hosts ?? []))];
  const tlsSpec = tls && tlsEntries(tls, hosts);
  const common = { ingressClassName, ...(tlsSpec === undefined ? {} : { tls: tlsSpec }) };
  const [first] = rules;
  if (first !== undefined && isDefault(first)) return { ...common, defaultBackend: backend(first) };

  const byHost = new Map<string | undefined, RouteRule[]>();
  for (const rule of rules) {
    for (const host of rule.hosts?.length ? rule.hosts : [undefined]) {
      byHost.set(host, [...(byHost.get(host) ?? []), rule]);
    }
  }
  return {
    ...common,
    rules: [...byHost].map(([host, ofHost]) => ({
      ...(host === undefined ? {} : { host }),
      http: { paths: ofHost.map(path) },
    })),
  };
}

/** The Secrets of an Ingress: Traefik has each client choose by SNI among the names in their certificates. */
function tlsEntries(
  tls: RouteTls | readonly HostTls[],
  hosts: readonly string[],
): k8s.types.input.networking.v1.IngressTLS[] | undefined {
  if (isList<RouteTls | HostTls>(tls))
    return tls.map(({ hosts, secretName }) => ({ hosts: [...hosts], secretName }));
  if (!("secretName" in tls)) return undefined;
  return [{ ...(hosts.length === 0 ? {} : { hosts: [...hosts] }), secretName: tls.secretName }];
}

function path(rule: RouteRule): k8s.types.input.networking.v1.HTTPIngressPath {
  const { path: text = "/", pathType = "prefix" } = rule;
  return {
    path: pathType === "prefix" ? normalPrefix(text) : text,
    pathType: PATH_TYPES[pathType],
    backend: backend(rule),
  };
}

function backend(rule: RouteRule): k8s.types.input.networking.v1.IngressBackend {
  const [service = { name: "" }] = servicesOf(rule);
  const { name, port = 0 } = namedService(service);
  const portSpec = pulumi
    .output<number | string>(port)
    .apply((known) => (typeof known === "number" ? { number: known } : { name: known }));
  return { service: { name, port: typeof port === "number" ? { number: port } : portSpec } };
}
