import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { asTransportRoute, checkTransport, transportServices, type TransportRouteArgs } from "./transport.ts";

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
    super(`${name}-route`, ...asTransportRoute("UDP", name, args, udpRouteSpec(args), opts));
    this.name = objectName;
  }
}

/** The `spec` of an IngressRouteUDP. */
const udpRouteSpec = (args: TransportRouteArgs): object => ({
  ingressClassName: args.traefik.ingressClass,
  entryPoints: args.entryPoints,
  routes: [{ services: transportServices(args, "UDP") }],
});
