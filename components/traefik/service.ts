import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { TraefikConfig } from "./args.ts";
import { serviceTypeOf, webOf, websecureOf } from "./defaults.ts";

/** Ports that clients use from outside the cluster. */
export interface ClientPorts {
  readonly http: number | undefined;
  readonly https: number | undefined;
}

/** The parts of a Service that its cluster fills in. */
interface Given {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly nodePort?: number }[] };
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
    };
  };
}

/** The address the chart's Service was given. */
export const loadBalancerOf = (chart: k8s.helm.v4.Chart): pulumi.Output<string | undefined> =>
  serviceOf(chart).apply(({ status }) => {
    const [first] = status?.loadBalancer?.ingress ?? [];
    return first?.ip ?? first?.hostname;
  });

/** The ports of a configuration, and those that Kubernetes picked for the chart's Service. */
export function clientPorts(config: TraefikConfig, chart: k8s.helm.v4.Chart): pulumi.Output<ClientPorts> {
  const known = { http: webOf(config).reachable, https: websecureOf(config).reachable };
  const picked = serviceTypeOf(config) === "NodePort" && Object.values(known).includes(undefined);
  if (!picked) return pulumi.output(known);
  return serviceOf(chart).apply(({ spec }) => {
    const nodePort = (name: string): number | undefined =>
      spec?.ports?.find((port) => port.name === name)?.nodePort;
    return { http: known.http ?? nodePort("web"), https: known.https ?? nodePort("websecure") };
  });
}

/** The chart's Service, read from the resource itself, which `up` has awaited. */
const serviceOf = (chart: k8s.helm.v4.Chart): pulumi.Output<Given> =>
  chart.resources.apply((resources: readonly unknown[]) => {
    const service = resources.find((resource): resource is k8s.core.v1.Service =>
      k8s.core.v1.Service.isInstance(resource),
    );
    return pulumi.output({ spec: service?.spec, status: service?.status }) as unknown as pulumi.Output<Given>;
  });
