import type * as k8s from "@pulumi/kubernetes";

import type { StringMap } from "../base/labels.ts";
import { portEntries, targetNumber, type ServicePorts } from "./service-ports.ts";

/** Labels that make an EndpointSlice a Service's. */
export const sliceLabels = (service: string): StringMap => ({
  "kubernetes.io/service-name": service,
  // Names who keeps the slice, so that the cluster's own controller does not take it for one of its.
  "endpointslice.kubernetes.io/managed-by": "slipway.dev",
});

/**
 * EndpointSlice that leads a Service without selector to addresses given by hand.
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors}.
 */
export function endpointSlice(
  addresses: readonly string[],
  ports: ServicePorts,
): Pick<k8s.types.input.discovery.v1.EndpointSlice, "addressType" | "endpoints" | "ports"> {
  return {
    addressType: addresses.some((address) => address.includes(":")) ? "IPv6" : "IPv4",
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: portEntries(ports).map(([name, port]) => ({
      name,
      port: targetNumber(port),
      protocol: port.protocol ?? "TCP",
    })),
  };
}
