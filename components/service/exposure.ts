/** How a Service is reached. Made by {@link Exposure}'s verbs, or written as plain data in a configuration. */
export type Exposure =
  | ClusterIpExposure
  | HeadlessExposure
  | NodePortExposure
  | LoadBalancerExposure
  | ExternalIpsExposure
  | ExternalNameExposure;

/** From inside the cluster, on an address of the Service's own. */
export interface ClusterIpExposure {
  /** On an address of the Service's own. */
  readonly kind: "clusterIP";
}

/** From inside the cluster, with no address of its own: DNS answers with the addresses of the pods. */
export interface HeadlessExposure {
  /** With no address of its own. */
  readonly kind: "headless";
}

/** What is common to exposures that traffic from outside enters by a node. */
export interface ExternalTraffic {
  /**
   * `Local` keeps the client's address and leads only to pods of the node the traffic arrives at; `Cluster` leads to all
   * pods and hides the address behind the node's.
   * @default "Cluster"
   */
  readonly externalTrafficPolicy?: "Cluster" | "Local" | undefined;
}

/** On a port of every node, `ports.<name>.nodePort`. */
export interface NodePortExposure extends ExternalTraffic {
  /** On a port of every node. */
  readonly kind: "nodePort";
}

/** On an address that a load balancer outside the Service gives it: a cloud's, or MetalLB. */
export interface LoadBalancerExposure extends ExternalTraffic {
  /** On an address from a load balancer. */
  readonly kind: "loadBalancer";
  /**
   * `spec.loadBalancerClass`: which of several load balancers serves this Service. Immutable.
   * @default the cluster's only or default one
   */
  readonly class?: string | undefined;
  /**
   * `spec.loadBalancerIP`: the address it is to have, one of the load balancer's own. MetalLB and most clouds go by it, others
   * give another.
   * @default the load balancer's choice
   */
  readonly address?: string | undefined;
  /**
   * Ranges, `10.0.0.0/8`, whose clients are let in.
   * @default everyone
   */
  readonly sourceRanges?: readonly string[] | undefined;
  /**
   * Whether the cluster opens a node port for each port too. Most load balancers outside the cluster need them,
   * MetalLB does not.
   * @default true
   */
  readonly allocateNodePorts?: boolean | undefined;
  /**
   * Seconds that `up` waits for an address before it fails and says why.
   * @default 120
   */
  readonly timeoutSeconds?: number | undefined;
}

/** On addresses that someone routes to the cluster's nodes by hand. */
export interface ExternalIpsExposure extends ExternalTraffic {
  /** On addresses routed to the nodes by hand. */
  readonly kind: "externalIPs";
  /**
   * The addresses. One that belongs to a node is refused: the node would send everything meant for itself on these
   * ports, the API server's or the kubelet's included, to the Service.
   */
  readonly addresses: readonly string[];
}

/** A name in the cluster's DNS for a host outside: a CNAME, with no ports and no pods. */
export interface ExternalNameExposure {
  /** A name for a host outside. */
  readonly kind: "externalName";
  /** The host's name; an address is refused, since DNS would take it for a name. */
  readonly host: string;
}

/** Verbs for the ways to reach a Service. */
export const Exposure = {
  /** Inside the cluster, on an address of its own. */
  clusterIP: (): ClusterIpExposure => ({ kind: "clusterIP" }),
  /** Inside the cluster, DNS giving the pods' own addresses. */
  headless: (): HeadlessExposure => ({ kind: "headless" }),
  /** On a port of every node. */
  nodePort: (options: Omit<NodePortExposure, "kind"> = {}): NodePortExposure => ({
    kind: "nodePort",
    ...options,
  }),
  /** On an address from a load balancer. */
  loadBalancer: (options: Omit<LoadBalancerExposure, "kind"> = {}): LoadBalancerExposure => ({
    kind: "loadBalancer",
    ...options,
  }),
  /** On addresses routed to the nodes by hand. */
  externalIPs: (
    addresses: readonly string[],
    options: Omit<ExternalIpsExposure, "kind" | "addresses"> = {},
  ): ExternalIpsExposure => ({ kind: "externalIPs", addresses, ...options }),
  /** A name for a host outside the cluster. */
  externalName: (host: string): ExternalNameExposure => ({ kind: "externalName", host }),
} as const;

/** @internal Whether the exposure opens ports on the nodes. */
export const opensNodePorts = (exposure: Exposure): boolean =>
  exposure.kind === "nodePort" || exposure.kind === "loadBalancer";
