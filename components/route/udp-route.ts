import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { listOf } from "../base/values.ts";
import { asCustomResource, componentsIn, placeOfRoute, traefik } from "./resource.ts";
import { placesOfServices, resourcesOf } from "./service-component.ts";
import type { TransportRouteArgs } from "./tcp-route.ts";
import { checkTransport, transportServices } from "./transport.ts";

/**
 * Leads all datagrams of an entry point to an app. UDP has nothing to tell apps apart by, so an entry point has one route.
 *
 * ```ts
 * new UdpRoute("dns", { traefik, entryPoints: ["dns"], service: dns });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/crd/udp/ingressrouteudp/}.
 */
export class UdpRoute extends k8s.apiextensions.CustomResource {
  /** `metadata.name`. */
  readonly name: string;

  constructor(name: string, args: TransportRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const problems = new Problems(`udpRoute ${objectName}`);
    checkTransport(args, "UDP", problems);
    problems.throwIfAny();
    const services = listOf(args.service);
    const place = placeOfRoute(args, placesOfServices(services));
    super(
      `${name}-route`,
      ...asCustomResource(
        "route:UdpRoute",
        name,
        traefik("IngressRouteUDP"),
        { metadata: metadataOf(objectName, { ...args, ...place }), spec: udpRouteSpec(args) },
        args.transform?.route,
        opts,
        { dependsOn: [...componentsIn([args.traefik]), ...resourcesOf(services)] },
      ),
    );
    this.name = objectName;
  }
}

/** The `spec` of an IngressRouteUDP. */
const udpRouteSpec = (args: TransportRouteArgs): object => ({
  ingressClassName: args.traefik.ingressClass,
  entryPoints: args.entryPoints,
  routes: [{ services: transportServices(args, "UDP") }],
});
