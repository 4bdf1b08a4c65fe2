import type { Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import type { Place } from "../base/place.ts";
import { checkAnnotations } from "./annotations.ts";
import { checkHttpRoute, httpRouteSpec } from "./http-route.ts";
import type { GatewayRef } from "./http-route.ts";
import { ingressRouteSpec } from "./ingress-route.ts";
import type { RouteTls } from "./ingress-route.ts";
import { checkIngress, ingressObjects } from "./ingress.ts";
import { checkNginx, nginxAnnotations, refuseNginx } from "./nginx.ts";
import type { NginxOptions } from "./nginx.ts";
import type { RouteRule } from "./rule.ts";

/** Which Kubernetes object a route becomes. */
export type RouteKind = "ingressRoute" | "ingress" | "httpRoute";

const KINDS: readonly string[] = ["ingressRoute", "ingress", "httpRoute"] satisfies readonly RouteKind[];

/** Records a kind that there is none of. */
export function checkKind(problems: Problems, kind: string): void {
  problems.unless(KINDS.includes(kind), "kind", kind, `must be one of: ${KINDS.join(", ")}`);
}

/** The description of a route that every kind is made from. */
export interface RouteDescription {
  readonly kind: RouteKind;
  readonly place: Place;
  readonly ingressClass: Input<string> | undefined;
  readonly gateway: GatewayRef | undefined;
  readonly entryPoints: readonly string[];
  readonly rules: readonly RouteRule[];
  readonly tls: RouteTls | undefined;
  readonly nginx: NginxOptions | undefined;
}

/** An object of a route. */
export interface RouteObject {
  readonly type: { readonly apiVersion: string; readonly kind: string };
  /** What its name has after the route's. */
  readonly suffix: string;
  readonly annotations: Readonly<Record<string, Input<string>>>;
  readonly spec: object;
}

/** The objects of a route: one, but for rules of an Ingress that need different annotations. */
export function routeObjects(route: RouteDescription): RouteObject[] {
  const { kind, place, ingressClass = "", gateway = { name: "" }, ...rest } = route;
  switch (kind) {
    case "ingressRoute": {
      const spec = ingressRouteSpec({ ingressClass, ...rest });
      return [
        {
          type: { apiVersion: "traefik.io/v1alpha1", kind: "IngressRoute" },
          suffix: "",
          annotations: {},
          spec,
        },
      ];
    }
    case "ingress":
      return ingressObjects({ ingressClass, namespace: place.namespace, ...rest }).map(
        ({ annotations, ...object }) => ({
          type: { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
          // Traefik writes no address into the status unless it was told one, and Pulumi would wait ten minutes for it.
          annotations: {
            "pulumi.com/skipAwait": "true",
            ...annotations,
            ...nginxAnnotations(route.nginx ?? {}),
          },
          ...object,
        }),
      );
    case "httpRoute": {
      const spec = httpRouteSpec({ gateway, listeners: route.entryPoints, rules: route.rules });
      return [
        {
          type: { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
          suffix: "",
          annotations: {},
          spec,
        },
      ];
    }
  }
}

/**
 * Records what the chosen kind cannot say.
 * @param annotations of the user's, which may be of ingress-nginx
 */
export function checkObjects(
  problems: Problems,
  route: RouteDescription,
  rules: readonly (readonly [string, RouteRule])[],
  annotations: Readonly<Record<string, string>>,
): void {
  const { kind, nginx } = route;
  checkKind(problems, kind);
  checkAnnotations(problems, kind, annotations);
  if (kind === "httpRoute") {
    problems.unless(
      route.gateway !== undefined,
      "gateway",
      undefined,
      "is required: the Gateway whose listeners it joins",
    );
    problems.unless(
      route.tls === undefined,
      "tls",
      undefined,
      "belongs to the Gateway's listeners for an HTTPRoute",
    );
    checkHttpRoute(problems, rules);
  } else {
    problems.unless(
      route.ingressClass !== undefined,
      "traefik",
      undefined,
      "is required: the Traefik that serves it",
    );
    problems.unless(route.gateway === undefined, "gateway", undefined, "is for kind httpRoute");
    for (const [at, rule] of rules) {
      problems.unless(
        rule.filters === undefined,
        `${at}filters`,
        undefined,
        "are for kind httpRoute; use middlewares",
      );
    }
  }
  if (kind === "ingress") {
    checkIngress(problems, rules, nginx);
    if (nginx === undefined) refuseNginx(problems, annotations);
    else checkNginx(problems, nginx, annotations);
  } else {
    problems.unless(
      nginx === undefined,
      "nginx",
      undefined,
      "annotations are for kind ingress; use middlewares",
    );
  }
}
