import type * as pulumi from "@pulumi/pulumi";

import { Gateway, Route, type RouteTls } from "../route/index.ts";
import type { Service } from "../service/index.ts";
import type { AppArgs } from "./app.ts";
import { ruleOf } from "./check.ts";
import type { Place } from "./place.ts";
import { type AppSpec, decidesRedirect } from "./spec.ts";

/** What an app's requests go to. */
interface Services {
  readonly service: Service;
  /** The canary's. */
  readonly next: Service | undefined;
}

/** Options of what an app is published by. */
interface Within {
  /** The app. */
  readonly parent: pulumi.Resource;
  /** Of what is deleted with the app's namespace. */
  readonly child: pulumi.CustomResourceOptions;
}

/** Leads clients to an app: a certificate for its hosts, and a route. */
export function publish(
  name: string,
  args: AppArgs,
  place: Place,
  services: Services,
  { parent, child }: Within,
): void {
  const { platform, namespace, hosts, kind, middlewares, nginx, routeAnnotations } = args;
  const certificate = platform.certificate(namespace, hosts, args.certificate, {
    name: `${name}-tls`,
    parent,
  });
  new Route(
    name,
    {
      ...place,
      app: name,
      kind,
      ...entryOf(name, args, place, certificate, child),
      annotations: routeAnnotations,
      ...ruleOf(args),
      middlewares,
      sharedMiddleware: (key, definition) => namespace.middleware(key, definition),
      nginx,
      service: backendsOf(services, args),
    },
    // Before the pods and not with the namespace: where the app moved to another one, Traefik would lead to pods that end.
    { parent },
  );
}

/** Where Traefik takes the route's requests in: entry points, or for an HTTPRoute the listeners of a Gateway. */
function entryOf(
  name: string,
  { platform, kind, nginx, hosts, routeAnnotations }: AppArgs,
  place: Place,
  tls: RouteTls | undefined,
  child: pulumi.CustomResourceOptions,
) {
  const { entryPoints, traefik, httpsPort } = platform;
  if (kind !== "httpRoute") {
    // Traefik's provider for these annotations redirects by itself, to 443, unless told where clients reach https.
    return nginx === undefined
      ? { traefik, entryPoints, tls }
      : { traefik, tls, ...(!decidesRedirect(nginx) && { redirectToHttps: tls && httpsPort }) };
  }
  const [entryPoint] = entryPoints;
  const gateway = new Gateway(
    name,
    {
      ...place,
      app: name,
      traefik,
      // ExternalDNS reads there where an HTTPRoute's hosts lead.
      annotations: routeAnnotations,
      listeners: {
        [entryPoint]: {
          ...(hosts.length === 1 && { hostname: hosts[0] }),
          tls: tls && "secretName" in tls ? tls : undefined,
        },
      },
    },
    child,
  );
  return { traefik, gateway, entryPoints };
}

/** The Services that share an app's requests. */
const backendsOf = ({ service, next }: Services, { canary }: AppSpec) =>
  canary === undefined || next === undefined
    ? service
    : [
        { service, weight: 100 - canary.weight },
        { service: next, weight: canary.weight },
      ];
