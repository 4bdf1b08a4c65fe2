import { createHash } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems, UserError } from "../base/errors.ts";
import { asObject } from "../base/object.ts";
import { type NamespaceRef, type Place, placeOf } from "../base/place.ts";
import { type Transform, transformed } from "../base/transform.ts";

/** A Traefik: the component `Traefik`, or the classes of one made elsewhere. */
export interface TraefikRef {
  readonly ingressClass: pulumi.Input<string>;
  /** Class of its Gateways, where it serves any. */
  readonly gatewayClass?: pulumi.Input<string> | undefined;
  /** Traefik's CRDs, where the same stack has them: namespaces with objects of theirs go before them. */
  readonly crds?: k8s.yaml.v2.ConfigGroup | undefined;
  /** Ports that it listens on, by the names of its entry points. */
  readonly entryPoints?: Readonly<Record<string, { readonly port: number }>> | undefined;
}

/** What every component here is told. */
export interface RoutingObjectArgs extends ObjectArgs {
  /**
   * Traefik that reads the objects. They are made after a component given here, and deleted before it: its CRDs take every
   * object of theirs along.
   */
  readonly traefik: TraefikRef;
  /**
   * App the objects belong to and are labelled with.
   * @default none; they belong to the stack
   */
  readonly app?: string | undefined;
}

/** What a component here is told that leads to Services. */
export interface LeadingArgs extends Omit<RoutingObjectArgs, "namespace"> {
  /**
   * Namespace of its objects and of the Services they lead to: a Namespace, or the name of one made elsewhere.
   * @default that of the first Service that is a component; required where none is
   */
  readonly namespace?: NamespaceRef | undefined;
}

/**
 * The place of objects that lead to Services.
 * @param services where those are that are components
 */
export function placeOfRoute(
  { stack, namespace }: Pick<LeadingArgs, "stack" | "namespace">,
  services: readonly Place[],
): Place {
  const [first] = services;
  const place = placeOf({
    stack: stack ?? (namespace === undefined ? first?.stack : undefined),
    namespace: namespace ?? first?.namespace ?? "",
  });
  return { ...place, namespace: besideServices(place.namespace, services) };
}

/** A namespace that is refused, where it is known only later, unless the Services are in it, too. */
function besideServices(namespace: pulumi.Input<string>, services: readonly Place[]): pulumi.Input<string> {
  const others = services.map((service) => service.namespace).filter((other) => other !== namespace);
  if (others.length === 0) return namespace;
  return pulumi.all([namespace, pulumi.all(others)] as const).apply(([own, known]) => {
    const problems = new Problems("route");
    checkBeside(own, known, problems);
    problems.throwIfAny();
    return own;
  });
}

/** Records Services in another namespace: routes name them without one, so that they would lead nowhere. */
function checkBeside(namespace: string, others: readonly string[], problems: Problems): void {
  const other = others.find((one) => one !== namespace);
  const allowed = `must be that of its Services, ${JSON.stringify(other)}: Traefik finds them nowhere else`;
  problems.unless(other === undefined, "namespace", namespace, allowed);
}

/** Records that nothing says the namespace, or that it is not that of the Services. */
export function checkPlace(
  { namespace }: Pick<LeadingArgs, "namespace">,
  services: readonly Place[],
  problems: Problems,
): void {
  const [first] = services;
  const ok = namespace !== undefined || first !== undefined;
  problems.unless(ok, "namespace", undefined, "is required where no Service is a component");
  const [own, ...others] = [namespace ?? first?.namespace, ...services.map((service) => service.namespace)];
  if (typeof own === "string")
    checkBeside(
      own,
      others.filter((other) => typeof other === "string"),
      problems,
    );
}

/** Which of several references are components: what an object is made after, and deleted before. */
export const componentsIn = (refs: readonly unknown[]): pulumi.Resource[] =>
  refs.filter((ref) => pulumi.Resource.isInstance(ref));

/** Kinds of Traefik's API group. */
export type TraefikKind =
  | "IngressRoute"
  | "IngressRouteTCP"
  | "IngressRouteUDP"
  | "Middleware"
  | "MiddlewareTCP"
  | "TraefikService"
  | "ServersTransport"
  | "TLSOption";

/** A custom resource as a transform sees it. */
export type CustomResourceArgs = k8s.apiextensions.CustomResourceArgs;

/** Makes a custom resource below a component. */
export function customResource(
  name: string,
  type: { readonly apiVersion: string; readonly kind: string },
  content: { readonly metadata: k8s.types.input.meta.v1.ObjectMeta; readonly spec: object },
  transform: Transform<CustomResourceArgs> | undefined,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const [args, options] = transformed(transform, { ...type, ...content }, opts);
  refuseFormerGroup(name, args.apiVersion);
  return new k8s.apiextensions.CustomResource(name, args, options);
}

/**
 * Arguments and options of a class that is a custom resource itself.
 *
 * @param layer module and class, see {@link asObject}
 * @param name Pulumi name of the component that was around the resource
 */
export function asCustomResource(
  layer: `route:${string}`,
  name: string,
  type: { readonly apiVersion: string; readonly kind: string },
  content: { readonly metadata: k8s.types.input.meta.v1.ObjectMeta; readonly spec: object },
  transform: Transform<CustomResourceArgs> | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
  own: pulumi.CustomResourceOptions = {},
): [CustomResourceArgs, pulumi.CustomResourceOptions] {
  const made = asObject<CustomResourceArgs>(layer, name, transform, { ...type, ...content }, opts, own);
  refuseFormerGroup(name, made[0].apiVersion);
  return made;
}

/** @throws UserError for the API group of Traefik 2, whose objects Traefik 3 ignores */
function refuseFormerGroup(name: string, apiVersion: pulumi.Input<string>): void {
  if (typeof apiVersion !== "string" || !apiVersion.startsWith("traefik.containo.us/")) return;
  throw new UserError(name, [
    { key: "apiVersion", value: apiVersion, allowed: "is called traefik.io/v1alpha1 since Traefik 3" },
  ]);
}

/** Type of a Traefik resource. */
export const traefik = (kind: TraefikKind): { apiVersion: string; kind: TraefikKind } => ({
  apiVersion: "traefik.io/v1alpha1",
  kind,
});

/** A path as part of an object's name; what is lost on the way is made up for by a checksum, so that names stay apart. */
export function pathSlug(path: string): string {
  const slug = path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
  const exact = slug.replaceAll("-", "/") === path;
  return exact ? slug : `${slug}-${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
}
