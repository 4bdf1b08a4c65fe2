import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface LoadBalancerStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

/** The address the chart's Service was given, read from the resource itself, which `up` has awaited. */
export function loadBalancerOf(chart: k8s.helm.v4.Chart): pulumi.Output<string | undefined> {
  return chart.resources.apply((resources: readonly unknown[]) => {
    const service = resources.find((resource): resource is k8s.core.v1.Service =>
      k8s.core.v1.Service.isInstance(resource),
    );
    const status: pulumi.Output<LoadBalancerStatus | undefined> = pulumi.output(
      service?.status as unknown as LoadBalancerStatus,
    );
    return status.apply((known) => {
      const [first] = known?.loadBalancer?.ingress ?? [];
      return first?.ip ?? first?.hostname;
    });
  });
}
