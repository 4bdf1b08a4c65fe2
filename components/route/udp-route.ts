import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { customResource, traefik } from "./resource.ts";
import { checkTransport, transportServices } from "./tcp-route.ts";
import type { TransportRouteArgs } from "./tcp-route.ts";

/**
 * Leads all datagrams of an entry point to an app. UDP has nothing to tell apps apart by, so an entry point has one route.
 *
 * ```ts
 * new UdpRoute("dns", { namespace, ingressClass, entryPoints: ["dns"], service: { name: "dns", port: 53 } });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/crd/udp/ingressrouteudp/}.
 */
export class UdpRoute extends Component {
  /** `metadata.name`. */
  readonly name: string;
  /** The Traefik object. */
  readonly route: k8s.apiextensions.CustomResource;

  constructor(name: string, args: TransportRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("route:UdpRoute", name, opts);
    this.name = args.objectName ?? name;
    const problems = new Problems(`udpRoute ${this.name}`);
    checkTransport(problems, args);
    problems.throwIfAny();
    this.route = customResource(
      `${name}-route`,
      traefik("IngressRouteUDP"),
      { metadata: metadataOf(this.name, args), spec: udpRouteSpec(args) },
      args.transform?.route,
      this.child(),
    );
    this.registerOutputs({ name: this.name });
  }
}

/** The `spec` of an IngressRouteUDP. */
const udpRouteSpec = (args: TransportRouteArgs): object => ({
  ingressClassName: args.ingressClass,
  entryPoints: args.entryPoints,
  routes: [{ services: transportServices(args) }],
});
