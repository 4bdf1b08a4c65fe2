import type * as k8s from "@pulumi/kubernetes";

import type { StringMap } from "../base/labels.ts";
import { defined } from "../base/values.ts";
import type { ExternalTraffic, Exposure } from "./exposure.ts";
import { portSpecs, type ServicePorts, type TargetBy } from "./service-ports.ts";

/** What a Service looks like, whatever it is called and wherever it is. */
export interface ServiceSpecArgs {
  /**
   * Ports by name, at least one except for an external name. The short form `{ http: 80 }` leads to the container port
   * called `http`.
   */
  readonly ports?: ServicePorts | undefined;
  /**
   * How the Service is reached.
   * @default Exposure.clusterIP()
   */
  readonly exposure?: Exposure | undefined;
  /**
   * Node ports that the cluster has, where its API server was told another `--service-node-port-range`.
   * @default "30000-32767"
   */
  readonly nodePortRange?: string | undefined;
  /**
   * Addresses outside the cluster that answer in place of pods. The Service gets no selector, and an EndpointSlice with
   * these addresses. All IPv4 or all IPv6; loopback, link-local and multicast addresses are refused.
   * @default the app's pods
   */
  readonly endpoints?: readonly string[] | undefined;
  /**
   * Leads one client, told by its address, to the same pod until it has been silent for `timeoutSeconds` (1 to 86400,
   * 10800 by default). Behind Traefik every client has Traefik's address: use sticky sessions of the route there.
   * @default none
   */
  readonly sessionAffinity?: "ClientIP" | SessionAffinity | undefined;
  /**
   * Whether DNS and endpoints show pods before they are ready, as the members of a StatefulSet may need to find each other.
   * @default false
   */
  readonly publishNotReadyAddresses?: boolean | undefined;
  /**
   * `Local` leads clients inside the cluster only to pods of their own node, and nowhere if there are none.
   * @default "Cluster"
   */
  readonly internalTrafficPolicy?: "Cluster" | "Local" | undefined;
  /**
   * Families of the Service's addresses, the first being the primary one.
   * @default the cluster's
   */
  readonly ipFamilies?: readonly ("IPv4" | "IPv6")[] | undefined;
  /**
   * Whether the cluster must, may or must not give addresses of both families.
   * @default "SingleStack"
   */
  readonly ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack" | undefined;
}

/** How long a client is led to the same pod. */
export interface SessionAffinity {
  /** Seconds of silence after which it ends, 1 to 86400. */
  readonly timeoutSeconds: number;
}

/** How ports lead to containers: without a Service's address in between, by the numbers that clients know. */
export const targetBy = ({ endpoints, exposure }: ServiceSpecArgs): TargetBy =>
  endpoints !== undefined || exposure?.kind === "headless" ? "number" : "name";

type ServiceSpec = k8s.types.input.core.v1.ServiceSpec;

/**
 * The `spec` of a Service.
 * @param selector labels of the pods; not used with `endpoints` or an external name
 */
export function serviceSpec(args: ServiceSpecArgs, selector: StringMap): ServiceSpec {
  const exposure = args.exposure ?? { kind: "clusterIP" };
  if (exposure.kind === "externalName") return { type: "ExternalName", externalName: exposure.host };
  return {
    ...exposureSpec(exposure),
    ports: portSpecs(args.ports ?? {}, targetBy(args)),
    ...(args.endpoints === undefined ? { selector } : {}),
    ...affinitySpec(args.sessionAffinity),
    ...defined({
      publishNotReadyAddresses: args.publishNotReadyAddresses,
      internalTrafficPolicy: args.internalTrafficPolicy,
      ipFamilies: args.ipFamilies && [...args.ipFamilies],
      ipFamilyPolicy: args.ipFamilyPolicy,
    }),
  };
}

function exposureSpec(exposure: Exclude<Exposure, { kind: "externalName" }>): ServiceSpec {
  switch (exposure.kind) {
    case "clusterIP":
      return { type: "ClusterIP" };
    case "headless":
      return { type: "ClusterIP", clusterIP: "None" };
    case "nodePort":
      return { type: "NodePort", ...trafficSpec(exposure) };
    case "loadBalancer":
      return {
        type: "LoadBalancer",
        ...trafficSpec(exposure),
        ...defined({
          loadBalancerIP: exposure.address,
          loadBalancerClass: exposure.class,
          loadBalancerSourceRanges: exposure.sourceRanges && [...exposure.sourceRanges],
          allocateLoadBalancerNodePorts: exposure.allocateNodePorts,
        }),
      };
    case "externalIPs":
      return { type: "ClusterIP", externalIPs: [...exposure.addresses], ...trafficSpec(exposure) };
  }
}

const trafficSpec = ({ externalTrafficPolicy }: ExternalTraffic): ServiceSpec =>
  defined({ externalTrafficPolicy });

function affinitySpec(affinity: ServiceSpecArgs["sessionAffinity"]): ServiceSpec {
  if (affinity === undefined) return {};
  if (affinity === "ClientIP") return { sessionAffinity: "ClientIP" };
  return {
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: affinity.timeoutSeconds } },
  };
}
