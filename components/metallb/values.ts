import type { MetalLBArgs } from "./metallb.ts";

/** A probe soon after the start: by default the chart waits ten seconds before it looks for the first time. */
const EARLY = { initialDelaySeconds: 1, periodSeconds: 2 };

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } };

/**
 * Helm values of MetalLB announcing by ARP and NDP alone (layer 2): neither of its two ways to speak BGP, which are
 * sidecars with far more privileges.
 */
export function metallbValues(
  args: Pick<MetalLBArgs, "loadBalancerClass" | "values">,
): Record<string, unknown> {
  return {
    ...(args.loadBalancerClass === undefined ? {} : { loadBalancerClass: args.loadBalancerClass }),
    controller: { resources: RESOURCES, readinessProbe: EARLY },
    speaker: { resources: RESOURCES, readinessProbe: EARLY, frr: { enabled: false } },
    frrk8s: { enabled: false },
    ...args.values,
  };
}
