/**
 * The lab's addresses, all from 198.18.0.0/15, which RFC 2544 sets aside for tests: no real network uses them.
 *
 * The machine reaches pods and Services too, by a route over the lab's link.
 */
export const lab = {
  /** Name of the first node and its network namespace, of the cluster in the kubeconfig, and of the control group. */
  name: "slipway-lab",
  /** The link's name on the machine's side; the node's end of it is called `eth0`. */
  link: "slipway0",
  prefixLength: 24,
  /** The machine's address on the link; pods reach what listens on it. */
  hostAddress: "198.18.77.1",
  /** The first node's address: the API server, NodePorts and host ports answer here. */
  nodeAddress: "198.18.77.2",
  apiPort: 6443,
  /** Pods and Services together, for the machine's route. */
  clusterRange: "198.19.0.0/16",
  podRange: "198.19.0.0/17",
  /** The first node's part of the pod range: 4094 addresses, so that quick tests do not use it up. */
  nodePodRange: "198.19.0.0/20",
  /** Never given to a pod, and routed to the node: for Services' `externalIPs`, as 198.19.64.1. */
  externalRange: "198.19.64.0/18",
  /** On the link, for load balancers: what is left beside the pool of examples/load-balancer, which ends with .125. */
  loadBalancerRange: "198.18.77.126-198.18.77.149",
  serviceRange: "198.19.128.0/17",
  dnsService: "198.19.128.10",
  /** Of the addon pebble: who asks for certificates names its DNS by address. */
  acmeService: "198.19.128.11",
  domain: "cluster.local",
} as const;

/** Nodes that there is room for: the pod range has four parts of a node's size below the external range. */
export const mostNodes = 4;

/** Where a node is in the lab's network. */
export interface NodeAddresses {
  /** Name of the node, and of its network namespace. */
  readonly name: string;
  readonly address: string;
  /** Its part of the pod range. */
  readonly podRange: string;
}

/** @param number 1 is the node with the control plane */
export const nodeAddresses = (number: number): NodeAddresses =>
  number === 1
    ? { name: lab.name, address: lab.nodeAddress, podRange: lab.nodePodRange }
    : {
        name: `${lab.name}-${number}`,
        address: `198.18.77.${number + 1}`,
        podRange: `198.19.${(number - 1) * 16}.0/20`,
      };

/** Where the API server answers, from the machine and from pods. */
export const apiServer = `https://${lab.nodeAddress}:${lab.apiPort}`;
