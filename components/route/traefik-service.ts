import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import type { Place } from "../base/place.ts";
import type { StackInfo } from "../base/stack.ts";
import type { Transform } from "../base/transform.ts";
import { placesOfServices, resourcesOf } from "./service-component.ts";
import {
  checkPlace,
  componentsIn,
  customResource,
  placeOfRoute,
  traefik,
  type CustomResourceArgs,
  type LeadingArgs,
} from "./resource.ts";
import { defined } from "../base/values.ts";
import {
  checkServiceRef,
  checkWeights,
  serviceSpec,
  stickySpec,
  type NamedService,
  type ServiceRef,
  type ServiceWithOptions,
  type StickyCookie,
} from "./service-ref.ts";
import { bytes, objectName as objectNameRule, rule, statusRange, whole } from "../base/rules/index.ts";

/** Divides requests by weight: 3 and 1 send every fourth to the second. */
export interface Weighted {
  readonly services: readonly ServiceRef[];
  /** Keeps a client with the service it was first led to, by a cookie. @default false */
  readonly sticky?: boolean | StickyCookie | undefined;
}

/** Divides clients by their address and weight, so that each stays with one service without a cookie. */
export interface HighestRandomWeight {
  readonly services: readonly ServiceRef[];
}

/** Sends copies of requests to other services, whose answers nobody sees. */
export interface Mirroring {
  /** Service whose answers the client gets. */
  readonly service: ServiceRef;
  /** Services that get copies. */
  readonly mirrors: readonly ((NamedService | ServiceWithOptions) & {
    /** Share of the requests that are copied, 1 to 100. */
    readonly percent: number;
  })[];
  /** @default true */
  readonly mirrorBody?: boolean | undefined;
  /** Bytes; a request with a larger body is not copied. @default no limit */
  readonly maxBodySize?: number | undefined;
}

/**
 * Asks a second service when the first answers with an error. Traefik has no health checks for Kubernetes Services, so it
 * is answers that decide: 503 is what it makes of a Service without ready pods, 502 of a pod that does not answer.
 */
export interface Failover {
  readonly service: ServiceRef;
  readonly fallback: ServiceRef;
  readonly errors?:
    | {
        /** Codes and ranges. @default ["502-504"] */
        readonly status?: readonly string[] | undefined;
        /** Bytes of a body kept for the second request; -1 for any. @default no limit */
        readonly maxRequestBodyBytes?: number | undefined;
      }
    | undefined;
}

/** How requests are divided: exactly one of these. */
export interface TraefikServiceDefinition {
  readonly weighted?: Weighted | undefined;
  readonly highestRandomWeight?: HighestRandomWeight | undefined;
  readonly mirroring?: Mirroring | undefined;
  readonly failover?: Failover | undefined;
}

/** Arguments of {@link TraefikService}. */
export interface TraefikServiceArgs extends LeadingArgs, TraefikServiceDefinition {
  /** Changes the child resource before it is made. */
  readonly transform?: { readonly traefikService?: Transform<CustomResourceArgs> | undefined } | undefined;
}

/**
 * Divides, copies or rescues requests between Services. Routes and other TraefikServices name it like a Service.
 *
 * ```ts
 * const split = new TraefikService("split", {
 *   traefik, weighted: { services: [{ service: v1, weight: 3 }, { service: v2, weight: 1 }] },
 * });
 * new Route("shop", { …, service: split });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/crd/http/traefikservice/}.
 */
export class TraefikService extends Component implements NamedService, Place {
  /** `metadata.name`. */
  readonly name: string;
  readonly kind = "TraefikService";
  readonly stack: StackInfo;
  readonly namespace: pulumi.Input<string>;
  /** The Traefik object. */
  readonly traefikService: k8s.apiextensions.CustomResource;

  constructor(name: string, args: TraefikServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "route:TraefikService",
      name,
      pulumi.mergeOptions(opts, { dependsOn: componentsIn([args.traefik]) }),
    );
    this.name = args.objectName ?? name;
    const problems = new Problems(`traefikService ${this.name}`);
    const services = servicesOf(args);
    problems.check("name", this.name, objectNameRule);
    checkMetadata(args, problems);
    checkPlace(args, placesOfServices(services), problems);
    checkTraefikService(args, problems);
    problems.throwIfAny();
    const place = placeOfRoute(args, placesOfServices(services));
    this.stack = place.stack;
    this.namespace = place.namespace;
    this.traefikService = customResource(
      `${name}-service`,
      traefik("TraefikService"),
      { metadata: metadataOf(this.name, { ...args, ...place }), spec: traefikServiceSpec(args) },
      args.transform?.traefikService,
      this.child({ dependsOn: resourcesOf(services) }),
    );
  }
}

/** The `spec` of a TraefikService. */
function traefikServiceSpec(definition: TraefikServiceDefinition): object {
  const { weighted, highestRandomWeight, mirroring, failover } = definition;
  return defined({
    weighted:
      weighted &&
      defined({ services: weighted.services.map(serviceSpec), sticky: stickySpec(weighted.sticky) }),
    highestRandomWeight: highestRandomWeight && { services: highestRandomWeight.services.map(serviceSpec) },
    mirroring: mirroring && mirroringSpec(mirroring),
    failover: failover && failoverSpec(failover),
  });
}

const mirroringSpec = ({ service, mirrors, mirrorBody, maxBodySize }: Mirroring): object =>
  defined({
    ...serviceSpec(service),
    mirrorBody,
    maxBodySize,
    mirrors: mirrors.map((mirror) => ({ ...serviceSpec(mirror), percent: mirror.percent })),
  });

const failoverSpec = ({ service, fallback, errors = {} }: Failover): object => ({
  service: serviceSpec(service),
  fallback: serviceSpec(fallback),
  errors: { status: ["502-504"], ...defined(errors) },
});

function servicesOf(definition: TraefikServiceDefinition): readonly ServiceRef[] {
  const { weighted, highestRandomWeight, mirroring, failover } = definition;
  return [
    ...(weighted?.services ?? []),
    ...(highestRandomWeight?.services ?? []),
    ...(mirroring === undefined ? [] : [mirroring.service, ...mirroring.mirrors]),
    ...(failover === undefined ? [] : [failover.service, failover.fallback]),
  ];
}

/** Share of the requests that are copied. */
const percent = rule<number>("must be from 1 to 100", whole(1, 100).test);

function checkTraefikService(definition: TraefikServiceDefinition, problems: Problems): void {
  const { weighted, highestRandomWeight, mirroring, failover } = definition;
  const kinds = { weighted, highestRandomWeight, mirroring, failover };
  const given = Object.entries(kinds).flatMap(([kind, value]) => (value === undefined ? [] : [kind]));
  problems.unless(
    given.length === 1,
    "kind",
    given.length === 0 ? undefined : given,
    `must be one of: ${Object.keys(kinds).join(", ")}`,
  );
  for (const [kind, value] of Object.entries({ weighted, highestRandomWeight })) {
    if (value !== undefined) checkDivided(value.services, problems.at(kind, "services"));
  }
  if (mirroring !== undefined) checkMirroring(mirroring, problems.at("mirroring"));
  if (failover !== undefined) checkFailover(failover, problems.at("failover"));
}

function checkDivided(services: readonly ServiceRef[], problems: Problems): void {
  problems.unless(services.length > 0, "", undefined, "must hold at least one service");
  services.forEach((service, index) => {
    checkServiceRef(service, problems.at(index));
  });
  checkWeights(services, problems);
}

function checkMirroring({ service, mirrors, maxBodySize }: Mirroring, problems: Problems): void {
  checkServiceRef(service, problems.at("service"));
  problems.unless(mirrors.length > 0, "mirrors", undefined, "must hold at least one service");
  problems.check("maxBodySize", maxBodySize, bytes);
  mirrors.forEach((mirror, index) => {
    checkServiceRef(mirror, problems.at("mirrors", index));
    problems.at("mirrors", index).check("percent", mirror.percent, percent);
  });
}

function checkFailover({ service, fallback, errors = {} }: Failover, problems: Problems): void {
  checkServiceRef(service, problems.at("service"));
  checkServiceRef(fallback, problems.at("fallback"));
  problems.checkEach("errors.status", errors.status, statusRange);
  problems.unless(
    errors.status?.length !== 0,
    "errors.status",
    [],
    "must hold at least one code: without any, nothing leads to the fallback",
  );
}
