/** A probe soon after the start: by default the chart waits ten seconds before it looks for the first time. */
const EARLY = { initialDelaySeconds: 1, periodSeconds: 2 };

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } };

/** `metadata.name` of the Secret that images are pulled with. */
export const PULL_SECRET = "registry";

/**
 * Helm values of MetalLB announcing by ARP and NDP alone (layer 2): neither of its two ways to speak BGP, which are
 * sidecars with far more privileges.
 */
export function metallbValues({
  loadBalancerClass,
  imageRegistry,
  registry,
  values,
}: {
  readonly loadBalancerClass?: string | undefined;
  readonly imageRegistry?: string | undefined;
  readonly registry?: object | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}): Record<string, unknown> {
  const program = (name: string) => ({
    ...(imageRegistry !== undefined && { image: { repository: `${imageRegistry}/metallb/${name}` } }),
    resources: RESOURCES,
    readinessProbe: EARLY,
  });
  return {
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(registry !== undefined && { imagePullSecrets: [{ name: PULL_SECRET }] }),
    controller: program("controller"),
    speaker: { ...program("speaker"), frr: { enabled: false } },
    frrk8s: { enabled: false },
    ...values,
  };
}
