import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import type { Place } from "../base/place.ts";
import { type Transform, transformed } from "../base/transform.ts";
import { checkRoute } from "./check.ts";
import { describeRoute, type RouteDescription, servicesIn } from "./description.ts";
import { awaitHandover } from "./handover.ts";
import type { GatewayRef } from "./http-route.ts";
import type { HostTls, RouteTls } from "./ingress-route.ts";
import { Middleware } from "./middleware.ts";
import type { MiddlewareDefinition } from "./middlewares/index.ts";
import type { NginxOptions } from "./nginx-annotations.ts";
import { routeObjects } from "./objects.ts";
import type { RouteKind, RouteObject } from "./objects.ts";
import { componentsIn, customResource, pathSlug } from "./resource.ts";
import type { CustomResourceArgs, LeadingArgs, TraefikRef } from "./resource.ts";
import { strippedPrefix } from "./rule.ts";
import type { MiddlewareRef, RouteRule } from "./rule.ts";
import { resourcesOf } from "./service-component.ts";

/** Arguments of {@link Route}: one rule, or several in `rules` that share what is given here. */
export interface RouteArgs extends Omit<LeadingArgs, "traefik">, RouteRule {
  /**
   * Which object it becomes. The description stays the same; what a kind cannot express is refused.
   * @default "ingressRoute"
   */
  readonly kind?: RouteKind | undefined;
  /** Further rules; each takes from the arguments beside it what it leaves out. */
  readonly rules?: readonly RouteRule[] | undefined;
  /**
   * Traefik that serves it: the component, which it is made after and deleted before, or the class of one made elsewhere. Every
   * other Traefik ignores it. Required but for an HTTPRoute.
   */
  readonly traefik?: TraefikRef | undefined;
  /** Gateway that is to serve an HTTPRoute. */
  readonly gateway?: GatewayRef | undefined;
  /**
   * Traefik's entry points, by name; of an HTTPRoute, the Gateway's listeners.
   * @default ["websecure"] with `tls`, else ["web"]
   */
  readonly entryPoints?: readonly string[] | undefined;
  /**
   * Serves https with this certificate. An Ingress takes several, each for some of its hosts, of which a client chooses by SNI. An
   * HTTPRoute leaves that to its Gateway.
   * @default plain http
   */
  readonly tls?: RouteTls | readonly HostTls[] | undefined;
  /**
   * Port at which clients reach https: a NodePort's number, or 443. Given, plain http to the same rules is redirected there.
   * Required with `nginx` and `tls`, unless `nginx` says `"ssl-redirect"`: true leads to 443, false serves both.
   * @default plain http is not answered
   */
  readonly redirectToHttps?: number | undefined;
  /**
   * Annotations of ingress-nginx, by their names without the prefix, for a Traefik with the kubernetesIngressNGINX provider.
   * What Traefik does not honour is refused. A canary holds for all routes that lead to the Service it takes requests
   * from. Ingress only, which is then of the class `<ingressClass>-nginx`.
   */
  readonly nginx?: NginxOptions | undefined;
  /**
   * Makes the middlewares that follow from `stripPrefix` and `redirectToHttps`, so that routes of a namespace share those that are
   * the same.
   * @default they are the route's own
   */
  readonly sharedMiddleware?: ((name: string, definition: MiddlewareDefinition) => MiddlewareRef) | undefined;
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
 *   traefik, hosts: ["shop.example.org"], path: "/api", stripPrefix: true, service: api,
 *   tls: certificate, redirectToHttps: 31971,
 * });
 * ```
 */
export class Route extends Component {
  /** `metadata.name`. */
  readonly name: string;
  /** What Traefik serves. */
  readonly objects: readonly pulumi.CustomResource[];

  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("route:Route", name, pulumi.mergeOptions(opts, { dependsOn: componentsIn([args.traefik]) }));
    this.name = args.objectName ?? name;
    const route = describeRoute(args);
    const problems = new Problems(`route ${this.name}`);
    checkRoute(this.name, args, problems);
    problems.throwIfAny();

    const placed = { ...args, ...route.place };
    const stripped = this.#withStripping(name, placed, route);
    const transforms = args.transform ?? {};
    const objects = routeObjects(stripped).map((object) =>
      this.#create(`${name}-route`, this.name, placed, object, stripped, transforms.route),
    );
    const redirects = this.#redirect(name, placed, route).flatMap((redirect) =>
      routeObjects(redirect).map((object) =>
        this.#create(
          `${name}-redirect`,
          `${this.name}-redirect`,
          placed,
          object,
          redirect,
          transforms.redirect,
        ),
      ),
    );
    this.objects = [...objects, ...redirects];
  }

  #create(
    name: string,
    objectName: string,
    args: PlacedArgs,
    { type, suffix, annotations, spec }: RouteObject,
    { rules, gateway }: RouteDescription,
    transform: Transform<CustomResourceArgs> | undefined,
  ): pulumi.CustomResource {
    const meta = metadataOf(`${objectName}${suffix}`, args);
    const all = { ...annotations, ...args.annotations };
    const content = {
      metadata: { ...meta, ...(Object.keys(all).length === 0 ? {} : { annotations: all }) },
      spec,
    };
    // Traefik drops a route with a part missing, so the parts have to be there before it and longer than it.
    const dependsOn = [
      ...componentsIn([...rules.flatMap((rule) => rule.middlewares ?? []), gateway]),
      ...resourcesOf(servicesIn(rules)),
    ];
    const child = `${name}${suffix}`;
    const opts = this.child({ dependsOn, hooks: { afterCreate: [awaitHandover(child, () => this)] } });
    if (type.kind !== "Ingress") return customResource(child, type, content, transform, opts);
    const ingress = transformed<CustomResourceArgs>(transform, { ...type, ...content }, opts);
    return new k8s.networking.v1.Ingress(child, ...(ingress as [k8s.networking.v1.IngressArgs, typeof opts]));
  }

  /** The same rules over plain http, answered with a redirect to where clients reach https. */
  #redirect(name: string, args: PlacedArgs, route: RouteDescription): readonly RouteDescription[] {
    const { redirectToHttps: port } = args;
    if (port === undefined) return [];
    const plain = { ...route, tls: undefined, nginx: undefined, entryPoints: ["web"] };
    // The provider of nginx's annotations serves plain http as well, by rules that a canary makes longer.
    const priority = route.nginx === undefined ? {} : { priority: ABOVE_NGINX };
    const bare = route.rules.map((rule) => ({
      ...rule,
      ...priority,
      stripPrefix: undefined,
      middlewares: undefined,
    }));
    if (route.kind === "httpRoute") {
      const filters = [{ redirect: { scheme: "https", port, statusCode: 301 } }] as const;
      return [{ ...plain, rules: bare.map((rule) => ({ ...rule, filters })) }];
    }
    const definition = { redirectScheme: { port, permanent: true } };
    const middlewares = [
      args.sharedMiddleware?.(`redirect-${port}`, definition) ??
        this.#middleware(name, "redirect", args, definition),
    ];
    return [{ ...plain, rules: bare.map((rule) => ({ ...rule, middlewares })) }];
  }

  /** The rules, with a middleware that strips their prefix after the others; an HTTPRoute has a filter for it. */
  #withStripping(name: string, args: PlacedArgs, route: RouteDescription): RouteDescription {
    if (route.kind === "httpRoute") return route;
    const made = new Map<string, MiddlewareRef>();
    const rules = route.rules.map((rule) => {
      const prefix = strippedPrefix(rule);
      if (prefix === undefined) return rule;
      const suffix = `strip${pathSlug(prefix)}`;
      const definition = { stripPrefix: { prefixes: [prefix] } };
      const strip =
        made.get(prefix) ??
        args.sharedMiddleware?.(suffix, definition) ??
        this.#middleware(name, suffix, args, definition);
      made.set(prefix, strip);
      return { ...rule, middlewares: [...(rule.middlewares ?? []), strip] };
    });
    return { ...route, rules };
  }

  #middleware(name: string, suffix: string, args: PlacedArgs, definition: MiddlewareDefinition): Middleware {
    const { stack, namespace, app, labels } = args;
    // The route itself waits for the component.
    const traefik = { ingressClass: args.traefik?.ingressClass ?? "" };
    const objectName = `${this.name}-${suffix}`;
    return new Middleware(
      `${name}-${suffix}`,
      { traefik, stack, namespace, app, labels, objectName, ...definition },
      this.child(),
    );
  }
}

/** Above the length of any rule, by which that provider ranks. */
const ABOVE_NGINX = 10_000;

type PlacedArgs = RouteArgs & Place;
