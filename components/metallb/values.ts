/** A probe soon after the start: by default the chart waits ten seconds before it looks for the first time. */
const EARLY = { initialDelaySeconds: 1, periodSeconds: 2 };

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } };

/**
 * Helm values of MetalLB announcing by ARP and NDP alone (layer 2): neither of its two ways to speak BGP, which are
 * sidecars with far more privileges.
 */
export function metallbValues({
  loadBalancerClass,
  values,
}: {
  readonly loadBalancerClass?: string | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}): Record<string, unknown> {
  return {
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    controller: { resources: RESOURCES, readinessProbe: EARLY },
    speaker: { resources: RESOURCES, readinessProbe: EARLY, frr: { enabled: false } },
    frrk8s: { enabled: false },
    ...values,
  };
}
