import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { RouteTls } from "./ingress-route.ts";
import { normalPrefix } from "./match.ts";
import type { NginxOptions } from "./nginx.ts";
import { crdReference, nginxClass } from "./traefik-names.ts";
import { pathSlug } from "./resource.ts";
import { servicesOf, strippedPrefix } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { namedService, refuseWayToPods } from "./service-ref.ts";
import type { NamedService } from "./service-ref.ts";

/** What an Ingress is made of. */
export interface IngressArgs {
  readonly namespace: pulumi.Input<string>;
  readonly ingressClass: pulumi.Input<string>;
  readonly entryPoints: readonly string[];
  readonly rules: readonly RouteRule[];
  readonly tls?: RouteTls | undefined;
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
  const options = args.tls?.options;
  return {
    [`${ROUTER}entrypoints`]: args.entryPoints.join(","),
    ...(args.tls === undefined ? {} : { [`${ROUTER}tls`]: "true" }),
    ...(options === undefined ? {} : { [`${ROUTER}tls.options`]: reference(args.namespace, options) }),
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

/** A custom resource of Traefik's as its other providers name it. */
const reference = (namespace: pulumi.Input<string>, ref: MiddlewareRef): pulumi.Output<string> =>
  crdReference(ref.namespace ?? namespace, ref.name);

function spec(args: IngressArgs, rules: readonly RouteRule[]): k8s.types.input.networking.v1.IngressSpec {
  const { tls, nginx } = args;
  const ingressClassName =
    nginx === undefined ? args.ingressClass : pulumi.output(args.ingressClass).apply(nginxClass);
  const hosts = [...new Set(rules.flatMap((rule) => rule.hosts ?? []))];
  const tlsSpec = tls && [{ ...(hosts.length === 0 ? {} : { hosts }), secretName: tls.secretName }];
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

const ONLY_HOSTS_AND_PATHS =
  "cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute";
const ON_SERVICE = "is an annotation of the Service for an Ingress, not of the route; use kind ingressRoute";

/** Records what an Ingress cannot say. */
export function checkIngress(
  problems: Problems,
  rules: readonly (readonly [string, RouteRule])[],
  nginx: NginxOptions | undefined,
): void {
  for (const [at, rule] of rules) {
    for (const key of ["match", "headers", "query", "methods", "clientIps", "filters"] as const) {
      problems.unless(rule[key] === undefined, `${at}${key}`, rule[key], ONLY_HOSTS_AND_PATHS);
    }
    const services = servicesOf(rule);
    problems.unless(
      services.length < 2,
      `${at}service`,
      services.map((service) => namedService(service).name),
      "must be one: an Ingress cannot divide; use kind ingressRoute or httpRoute, or nginx's canary",
    );
    for (const service of services) checkService(problems, `${at}service`, namedService(service));
    problems.unless(
      rule.path?.startsWith("/") !== false,
      `${at}path`,
      rule.path,
      'must begin with "/" in an Ingress; for "^" use kind ingressRoute',
    );
    if (nginx !== undefined) checkBesideNginx(problems, at, rule, nginx);
  }
  const middlewares = new Set(rules.map(([, rule]) => namesOf(rule)));
  problems.unless(
    middlewares.size < 2,
    "middlewares",
    undefined,
    "must be the same for all rules of an Ingress, which holds them in one annotation; make a Route for each",
  );
}

const namesOf = (rule: RouteRule): string =>
  JSON.stringify((rule.middlewares ?? []).map(({ name }) => (typeof name === "string" ? name : "?")));

function checkService(problems: Problems, key: string, service: NamedService): void {
  problems.unless(
    service.kind !== "TraefikService",
    `${key}.kind`,
    service.kind,
    "cannot be reached from an Ingress; use kind ingressRoute or httpRoute",
  );
  refuseWayToPods(problems, key, service, ON_SERVICE);
}

/** A path that Traefik takes for a plain one beside nginx's annotations; with any other it drops the whole Ingress. */
const PLAIN_PATH = /^\/[A-Za-z0-9._/-]*$/;

function checkBesideNginx(problems: Problems, at: string, rule: RouteRule, nginx: NginxOptions): void {
  const { path = "/", pathType = "prefix" } = rule;
  if (pathType === "regex") {
    const isRegex = String(nginx["use-regex"]) === "true" || nginx["rewrite-target"] !== undefined;
    problems.unless(isRegex, `${at}pathType`, pathType, 'needs "use-regex": true beside it in nginx');
  } else {
    problems.unless(PLAIN_PATH.test(path), `${at}path`, path, 'needs pathType "regex" and "use-regex": true');
  }
  problems.unless(
    rule.stripPrefix !== true,
    `${at}stripPrefix`,
    true,
    `stands for a middleware; with nginx write path "${path}(/|$)(.*)", pathType "regex" and rewrite-target "/$2"`,
  );
  problems.unless(
    (rule.middlewares ?? []).length === 0,
    `${at}middlewares`,
    undefined,
    "are not read beside nginx's annotations; use one of them, or kind ingressRoute",
  );
  problems.unless(
    rule.priority === undefined,
    `${at}priority`,
    rule.priority,
    "cannot be said by nginx's annotations; use kind ingressRoute",
  );
}
