import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { asCustomResource, traefik } from "./resource.ts";
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
export class UdpRoute extends k8s.apiextensions.CustomResource {
  /** `metadata.name`. */
  readonly name: string;

  constructor(name: string, args: TransportRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const problems = new Problems(`udpRoute ${objectName}`);
    checkTransport(problems, args);
    problems.throwIfAny();
    super(
      `${name}-route`,
      ...asCustomResource(
        "route:UdpRoute",
        name,
        traefik("IngressRouteUDP"),
        { metadata: metadataOf(objectName, args), spec: udpRouteSpec(args) },
        args.transform?.route,
        opts,
      ),
    );
    this.name = objectName;
  }
}

/** The `spec` of an IngressRouteUDP. */
const udpRouteSpec = (args: TransportRouteArgs): object => ({
  ingressClassName: args.ingressClass,
  entryPoints: args.entryPoints,
  routes: [{ services: transportServices(args) }],
});
