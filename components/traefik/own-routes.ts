import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { metadataOf } from "../base/metadata.ts";
import { customResource, traefik, type TraefikKind } from "../route/resource.ts";
import type { TraefikConfig } from "./args.ts";
import { APP, ingressClassOf, READY_PATH } from "./defaults.ts";

/** Below every route that says nothing of its priority: Traefik ranks those by their length. */
const LOWEST_PRIORITY = -2_147_483_648;

/** Above every route there is. */
const HIGHEST_PRIORITY = 2_147_483_647;

/** The route whose answer tells the startup probe that routes are read. */
export function readyRoute(
  name: string,
  config: TraefikConfig,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const match = `Path(\`${READY_PATH}\`)`;
  return traefikObject(name, config, "IngressRoute", "ready", opts, {
    ingressClassName: ingressClassOf(config),
    entryPoints: ["traefik"],
    routes: [{ kind: "Rule", match, services: [{ kind: "TraefikService", name: "ping@internal" }] }],
  });
}

/**
 * The redirect to an https port that Kubernetes picks: one that is known beforehand is the chart's to redirect to, whose
 * values cannot wait for another.
 */
export function redirectToPicked(
  name: string,
  config: TraefikConfig,
  https: pulumi.Output<number | undefined>,
  opts: pulumi.CustomResourceOptions,
): void {
  const middleware = traefikObject(name, config, "Middleware", "redirect-to-https", opts, {
    redirectScheme: { scheme: "https", permanent: true, port: https.apply((port) => String(port ?? 443)) },
  });
  traefikObject(`${name}-route`, config, "IngressRoute", "redirect-to-https", opts, {
    ingressClassName: ingressClassOf(config),
    entryPoints: ["web"],
    routes: [
      {
        kind: "Rule",
        match: "PathPrefix(`/`)",
        priority: config.redirect === "all" ? HIGHEST_PRIORITY : LOWEST_PRIORITY,
        middlewares: [{ name: middleware.metadata.name }],
        services: [{ kind: "TraefikService", name: "noop@internal" }],
      },
    ],
  });
}

/** An object of Traefik's kinds in its own namespace. */
function traefikObject(
  name: string,
  { stack, namespace }: TraefikConfig,
  kind: TraefikKind,
  objectName: string,
  opts: pulumi.CustomResourceOptions,
  spec: object,
): k8s.apiextensions.CustomResource {
  const metadata = metadataOf(objectName, { stack, namespace, app: APP });
  return customResource(name, traefik(kind), { metadata, spec }, undefined, opts);
}
