import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { checkMetadata, metadataOf } from "../base/metadata.ts";
import { port as portRule } from "../base/rules/index.ts";
import type { Transform } from "../base/transform.ts";
import { defined, isList, listOf } from "../base/values.ts";
import type { Service } from "../service/service.ts";
import {
  asCustomResource,
  checkPlace,
  componentsIn,
  placeOfRoute,
  traefik,
  type CustomResourceArgs,
  type LeadingArgs,
} from "./resource.ts";
import {
  checkPort,
  componentOf,
  firstPort,
  isComponent,
  isService,
  placesOfServices,
  resourcesOf,
} from "./service-component.ts";

/** A Service that is made elsewhere, by its name. */
interface NamedTarget {
  readonly name: Input<string>;
  /** Port number or name. */
  readonly port: Input<number> | Input<string>;
  /** Share among several services. @default 1 */
  readonly weight?: number | undefined;
}

/** A Service of this program, with more to say of it. */
interface TargetWithOptions {
  readonly service: Service;
  /**
   * Name or number of one of the Service's ports.
   * @default its first port of the route's protocol
   */
  readonly port?: number | string | undefined;
  /** Share among several services. @default 1 */
  readonly weight?: number | undefined;
}

/** Where connections or datagrams are led: a Service, alone or with options, or one by its name. */
export type TransportServiceRef = Service | TargetWithOptions | NamedTarget;

type Transport = "TCP" | "UDP";

function namedTarget(ref: TransportServiceRef, protocol: Transport) {
  if ("name" in ref && !isComponent(ref)) return ref;
  const { service, port, weight } = isComponent(ref) ? { service: ref } : ref;
  return { name: service.name, port: port ?? firstPort(service, protocol), weight };
}

/** What TcpRoute and UdpRoute share. */
export interface TransportRouteArgs extends LeadingArgs {
  /** Traefik's entry points, by name: one that was made for this, as `postgres`. */
  readonly entryPoints: readonly string[];
  /** Where it leads; several divide connections by weight. */
  readonly service: TransportServiceRef | readonly TransportServiceRef[];
  /** Changes the child resource before it is made. */
  readonly transform?: { readonly route?: Transform<CustomResourceArgs> | undefined } | undefined;
}

const LAYERS = { TCP: "route:TcpRoute", UDP: "route:UdpRoute" } as const;

/**
 * Arguments and options of either route, see {@link asCustomResource}.
 *
 * @param through what connections go through, beside Traefik
 */
export function asTransportRoute(
  protocol: Transport,
  name: string,
  args: TransportRouteArgs,
  spec: object,
  opts: CustomResourceOptions | undefined,
  through: readonly unknown[] = [],
): ReturnType<typeof asCustomResource> {
  const services = listOf(args.service);
  const place = placeOfRoute(args, placesOfServices(services));
  return asCustomResource(
    LAYERS[protocol],
    name,
    traefik(`IngressRoute${protocol}`),
    { metadata: metadataOf(args.objectName ?? name, { ...args, ...place }), spec },
    args.transform?.route,
    opts,
    { dependsOn: [...componentsIn([args.traefik, ...through]), ...resourcesOf(services)] },
  );
}

/** The services of a route as IngressRouteTCP and IngressRouteUDP write them. */
export const transportServices = ({ service }: TransportRouteArgs, protocol: Transport): object[] =>
  listOf(service).map((ref) => {
    const { name, port, weight } = namedTarget(ref, protocol);
    return defined({ name, port, weight });
  });

/** Records what is wrong with either route. */
export function checkTransport(args: TransportRouteArgs, protocol: Transport, problems: Problems): void {
  const services = listOf(args.service);
  checkMetadata(args, problems);
  checkPlace(args, placesOfServices(services), problems);
  problems.unless(
    args.entryPoints.length > 0,
    "entryPoints",
    undefined,
    "must name at least one entry point: on all of them it would take what other routes serve",
  );
  problems.unless(services.length > 0, "service", undefined, "is required: a Service, or { name, port }");
  for (const [index, ref] of services.entries()) {
    const own = isList(args.service) ? problems.at("service", index) : problems.at("service");
    const component = componentOf(ref);
    const { port } = namedTarget(ref, protocol);
    if (component !== undefined && isService(component)) checkPort(component, port, protocol, own);
    else if (typeof port === "number") own.check("port", port, portRule);
  }
}
