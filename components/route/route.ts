import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DNS_LABEL, isDnsLabel, isPort } from "../base/checks.ts";
import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { Transform } from "../base/transform.ts";
import { ingressRouteSpec } from "./ingress-route.ts";
import type { RouteTls } from "./ingress-route.ts";
import { checkKind } from "./kind.ts";
import type { RouteKind } from "./kind.ts";
import { Middleware } from "./middleware.ts";
import type { MiddlewareDefinition } from "./middlewares/index.ts";
import { customResource, metadata, pathSlug, traefik } from "./resource.ts";
import type { CustomResourceArgs, RoutingObjectArgs } from "./resource.ts";
import { checkRouteRule, servicesOf, strippedPrefix } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { defined } from "./service-ref.ts";

/** Arguments of {@link Route}: one rule, or several in `rules` that share what is given here. */
export interface RouteArgs extends RoutingObjectArgs, RouteRule {
  /**
   * Which object it becomes. The description stays the same; what a kind cannot express is refused.
   * @default "ingressRoute"
   */
  readonly kind?: RouteKind | undefined;
  /** Further rules; each takes from the arguments beside it what it leaves out. */
  readonly rules?: readonly RouteRule[] | undefined;
  /** Class of the Traefik that is to serve it. Every other Traefik ignores it. */
  readonly ingressClass?: pulumi.Input<string> | undefined;
  /**
   * Traefik's entry points, by name.
   * @default ["websecure"] with `tls`, else ["web"]
   */
  readonly entryPoints?: readonly string[] | undefined;
  /** Serves https with this certificate. @default plain http */
  readonly tls?: RouteTls | undefined;
  /**
   * Port at which clients reach https: a NodePort's number, or 443. Given, plain http to the same rules is redirected there.
   * Needs `tls`.
   * @default plain http is not answered
   */
  readonly redirectToHttps?: number | undefined;
  /** Changes the child resources before they are made. */
  readonly transform?:
    | {
        readonly route?: Transform<CustomResourceArgs> | undefined;
        readonly redirect?: Transform<CustomResourceArgs> | undefined;
      }
    | undefined;
}

/**
 * Which requests lead to an app: hosts and paths, and what they go through on the way.
 *
 * ```ts
 * new Route("api", {
 *   stack, namespace, ingressClass: traefik.ingressClass,
 *   hosts: ["shop.example.org"], path: "/api", stripPrefix: true,
 *   service: { name: api.name, port: 80 },
 *   tls: { secretName: certificate.secretName }, redirectToHttps: 31971,
 * });
 * ```
 */
export class Route extends Component {
  /** `metadata.name`. */
  readonly name: string;
  /** The object that Traefik serves. */
  readonly route: k8s.apiextensions.CustomResource;

  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("route:Route", name, args, opts);
    this.name = args.objectName ?? name;
    const rules = rulesOf(args);
    checkRoute(this.name, args, rules);

    const entryPoints = args.entryPoints ?? [args.tls === undefined ? "web" : "websecure"];
    this.route = this.createRoute(name, args, entryPoints, this.withStripping(name, args, rules));
    if (args.redirectToHttps !== undefined) this.createRedirect(name, args, rules, args.redirectToHttps);
    this.registerOutputs({ name: this.name });
  }

  private createRoute(
    name: string,
    args: RouteArgs,
    entryPoints: readonly string[],
    rules: readonly RouteRule[],
  ): k8s.apiextensions.CustomResource {
    const { ingressClass = "", tls } = args;
    return customResource(
      `${name}-route`,
      traefik("IngressRoute"),
      {
        metadata: metadata(this.name, args),
        spec: ingressRouteSpec({ ingressClass, entryPoints, rules, tls }),
      },
      args.transform?.route,
      this.child({ dependsOn: referenced(rules) }),
    );
  }

  /** Answers the same rules over plain http with a redirect. */
  private createRedirect(name: string, args: RouteArgs, rules: readonly RouteRule[], port: number): void {
    const { ingressClass = "" } = args;
    const redirect = this.middleware(name, "redirect", args, { redirectScheme: { port, permanent: true } });
    const redirected = rules.map((rule) => ({ ...rule, middlewares: [redirect] }));
    customResource(
      `${name}-redirect`,
      traefik("IngressRoute"),
      {
        metadata: metadata(redirect.name, args),
        spec: ingressRouteSpec({ ingressClass, entryPoints: ["web"], rules: redirected }),
      },
      args.transform?.redirect,
      this.child({ dependsOn: redirect }),
    );
  }

  /** The rules, with a middleware that strips their prefix after the others. */
  private withStripping(name: string, args: RouteArgs, rules: readonly RouteRule[]): RouteRule[] {
    const made = new Map<string, Middleware>();
    return rules.map((rule) => {
      const prefix = strippedPrefix(rule);
      if (prefix === undefined) return rule;
      const strip =
        made.get(prefix) ??
        this.middleware(name, `strip${pathSlug(prefix)}`, args, { stripPrefix: { prefixes: [prefix] } });
      made.set(prefix, strip);
      return { ...rule, middlewares: [...(rule.middlewares ?? []), strip] };
    });
  }

  private middleware(
    name: string,
    suffix: string,
    args: RouteArgs,
    definition: MiddlewareDefinition,
  ): Middleware {
    const { stack, namespace, app, labels } = args;
    const objectName = `${this.name}-${suffix}`;
    return new Middleware(
      `${name}-${suffix}`,
      { stack, namespace, app, labels, objectName, ...definition },
      { parent: this },
    );
  }
}

/** The rules of a route, each with what it takes from the arguments beside them. */
function rulesOf(args: RouteArgs): readonly RouteRule[] {
  const { hosts, path, pathType, headers, query, methods, clientIps, match } = args;
  const { priority, stripPrefix, middlewares, service } = args;
  const shared = { priority, stripPrefix, middlewares, service };
  const common = { hosts, path, pathType, headers, query, methods, clientIps, match, ...shared };
  return args.rules === undefined ? [common] : args.rules.map((rule) => ({ ...common, ...defined(rule) }));
}

/** The components a route names, which have to be there before it: Traefik drops a route with a part missing. */
const referenced = (rules: readonly RouteRule[]): pulumi.Resource[] =>
  rules
    .flatMap((rule) => [...(rule.middlewares ?? []), ...servicesOf(rule)])
    .filter((part): part is MiddlewareRef & pulumi.Resource => pulumi.Resource.isInstance(part));

function checkRoute(name: string, args: RouteArgs, rules: readonly RouteRule[]): void {
  const problems = new Problems(`route ${name}`);
  problems.unless(isDnsLabel(name), "name", name, DNS_LABEL);
  checkKind(problems, args.kind ?? "ingressRoute");
  problems.unless(rules.length > 0, "rules", undefined, "must hold at least one rule");
  problems.unless(
    args.ingressClass !== undefined,
    "ingressClass",
    undefined,
    "is required: the class Traefik serves",
  );
  problems.unless(
    args.entryPoints?.length !== 0,
    "entryPoints",
    undefined,
    "must name at least one entry point",
  );
  for (const [index, rule] of rules.entries()) {
    checkRouteRule(problems, args.rules === undefined ? "" : `rules[${index}].`, rule);
  }
  const { redirectToHttps } = args;
  if (redirectToHttps !== undefined) {
    problems.unless(
      isPort(redirectToHttps),
      "redirectToHttps",
      redirectToHttps,
      "must be a port, from 1 to 65535",
    );
    problems.unless(args.tls !== undefined, "redirectToHttps", redirectToHttps, "needs tls to redirect to");
  }
  problems.throwIfAny();
}
