import { lab, type NodeAddresses } from "./addresses.ts";

/**
 * The pods' network: a routed link for each pod instead of a bridge, so that a pod's answer to a pod it reached by a
 * Service passes the node again and is translated back, without bridge netfilter. `portmap` serves `hostPort`.
 */
export function cniConfig({ podRange }: Pick<NodeAddresses, "podRange">): object {
  return {
    cniVersion: "1.0.0",
    name: lab.name,
    plugins: [
      {
        type: "ptp",
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: podRange }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true }, snat: true },
    ],
  };
}
