import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { port as portRule } from "../base/rules/index.ts";
import type { Place } from "../base/place.ts";
import type { Protocol } from "../service/service-ports.ts";
import type { Service } from "../service/service.ts";
import { portNumber } from "../workload/container-ports.ts";
import type { TraefikService } from "./traefik-service.ts";

/** What of this program a route can lead to. */
export type ServiceComponent = Service | TraefikService;

/** A component, or an object with one in it and what more there is to say of it, or something that is only named. */
type Reference = ServiceComponent | { readonly service: ServiceComponent } | { readonly name: Input<string> };

/** Whether a component is a Service, as opposed to a TraefikService. */
export const isService = (component: ServiceComponent): component is Service => "protocols" in component;

/** Whether a reference is a component itself. */
export const isComponent = (ref: Reference): ref is ServiceComponent => pulumi.Resource.isInstance(ref);

/** The component that a reference leads to; `undefined` for what is made elsewhere. */
export function componentOf(ref: Reference): ServiceComponent | undefined {
  if (isComponent(ref)) return ref;
  return "service" in ref ? ref.service : undefined;
}

/**
 * What has to be there before a route, and longer than it: the Services, and pods that answer. Without them it would answer
 * with 503.
 */
export const resourcesOf = (refs: readonly Reference[]): pulumi.Resource[] =>
  refs.flatMap((ref) => {
    const component = componentOf(ref);
    const target = component && isService(component) ? component.target : undefined;
    return [component, target].filter((resource) => resource !== undefined);
  });

/** Where the Services are that are led to, but for those that are made elsewhere. */
export const placesOfServices = (refs: readonly Reference[]): readonly Place[] =>
  refs.map(componentOf).filter((component) => component !== undefined);

/** Number of a Service's first port with a protocol. */
export function firstPort({ ports, protocols }: Service, protocol: Protocol): number | undefined {
  const [, port] = Object.entries(ports).find(([name]) => protocols[name] === protocol) ?? [];
  return port;
}

/** Records a port that a Service does not have. One with an external name has them all. */
export function checkPort(
  service: Service,
  port: Input<number> | Input<string> | undefined,
  protocol: Protocol,
  problems: Problems,
): void {
  const { ports, protocols } = service;
  const there = Object.entries(ports);
  if (there.length === 0) {
    const ok = typeof port === "number" && portRule.test(port);
    problems.unless(ok, "port", port, `${portRule.allowed as string}: the Service names no ports`);
    return;
  }
  const list = there.map(([name, number]) => `${name} (${number}/${protocols[name] ?? "TCP"})`).join(", ");
  problems.unless(
    there.some(
      ([name, number]) =>
        protocols[name] === protocol && (port === undefined || port === name || port === number),
    ),
    "port",
    port,
    `must be a ${protocol} port of the Service, which has: ${list}`,
  );
  checkTargetPort(service, port, problems);
}

/**
 * Records a port of a headless Service that no container has. Its own clients go to the pods by any port they like; Traefik goes to
 * the one that the endpoints say.
 */
function checkTargetPort(
  { ports, target, targetPorts }: Service,
  port: Input<number> | Input<string> | undefined,
  problems: Problems,
): void {
  const [name = ""] = Object.entries(ports).find(([name, number]) => port === name || port === number) ?? [];
  const leadsTo = targetPorts[name];
  if (target === undefined || leadsTo === undefined) return;
  const there = Object.entries(target.ports);
  problems.unless(
    there.some(([known, number]) => known === leadsTo || portNumber(number) === leadsTo),
    "port",
    port,
    `leads to port ${leadsTo} of the pods, which have: ${there.map(([known, number]) => `${known} (${portNumber(number)})`).join(", ")}; give the headless Service a targetPort`,
  );
}
