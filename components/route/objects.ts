import type { Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { checkRouteAnnotations } from "./annotations.ts";
import { oneOf } from "../base/rules/index.ts";
import type { RouteDescription } from "./description.ts";
import { checkHttpRoute, httpRouteSpec } from "./http-route.ts";
import { ingressRouteSpec } from "./ingress-route.ts";
import { ingressObjects } from "./ingress.ts";
import { checkIngress } from "./ingress-check.ts";
import { checkNginx, nginxAnnotations, refuseNginx } from "./nginx.ts";
import type { NumberedRule } from "./rule.ts";

/** Which Kubernetes object a route becomes. */
export type RouteKind = "ingressRoute" | "ingress" | "httpRoute";

const KINDS: readonly string[] = ["ingressRoute", "ingress", "httpRoute"] satisfies readonly RouteKind[];

/** A kind that there is. */
const routeKind = oneOf(KINDS);

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
  route: RouteDescription,
  rules: readonly NumberedRule[],
  annotations: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  const { kind, nginx } = route;
  problems.check("kind", kind, routeKind);
  checkRouteAnnotations(kind, annotations, problems.at("annotations"));
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
    checkHttpRoute(rules, problems);
  } else {
    problems.unless(
      route.ingressClass !== undefined,
      "traefik",
      undefined,
      "is required: the Traefik that serves it",
    );
    problems.unless(route.gateway === undefined, "gateway", undefined, "is for kind httpRoute");
    for (const { path, rule } of rules) {
      const none = rule.filters === undefined;
      problems.at(...path).unless(none, "filters", undefined, "are for kind httpRoute; use middlewares");
    }
  }
  if (kind === "ingress") {
    checkIngress(rules, nginx, problems);
    if (nginx === undefined) refuseNginx(annotations, problems);
    else checkNginx(nginx, annotations, problems);
  } else {
    problems.unless(
      nginx === undefined,
      "nginx",
      undefined,
      "annotations are for kind ingress; use middlewares",
    );
  }
}
