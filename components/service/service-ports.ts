import type * as k8s from "@pulumi/kubernetes";

import type { Problems } from "../base/errors.ts";
import {
  dnsLabel,
  labelKey,
  nodePort as nodePortRule,
  port as portRule,
  portName,
} from "../base/rules/index.ts";

/** Protocol of a port. */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** One port of a Service. */
export interface ServicePort {
  /** Port that clients of the Service connect to. */
  readonly port: number;
  /**
   * Where the traffic goes: a port number, or the name of a port of the container. By name, a pod's port can change
   * and the Service need not.
   * @default the port's own name; with `endpoints` or headless its own number
   */
  readonly targetPort?: number | string | undefined;
  /**
   * Port on every node, of the cluster's range; only where the exposure opens node ports.
   * @default the cluster picks a free one
   */
  readonly nodePort?: number | undefined;
  /** @default "TCP" */
  readonly protocol?: Protocol | undefined;
  /**
   * Protocol spoken inside, for those who route by it: `http`, `kubernetes.io/h2c`.
   * @default none
   */
  readonly appProtocol?: string | undefined;
}

/**
 * The ports of a Service by name. A bare number is the port, and leads to the container port of the same name:
 * `{ http: 80 }` is `{ http: { port: 80, targetPort: "http" } }`.
 */
export type ServicePorts = Readonly<Record<string, ServicePort | number>>;

/** Ports with the short form spelt out, as pairs of name and port. */
export function portEntries(ports: ServicePorts): [string, ServicePort][] {
  return Object.entries(ports).map(([name, port]) => [name, typeof port === "number" ? { port } : port]);
}

/** The number a target port has without a pod to name it: its own, or that of the Service port. */
export const targetNumber = ({ port, targetPort }: ServicePort): number =>
  typeof targetPort === "number" ? targetPort : port;

/** How a port leads to a container's where it does not say it itself: by its own name, or by its own number. */
export type TargetBy = "name" | "number";

/** Where a port leads: the name or number of a container's port. */
export const targetPortOf = (
  name: string,
  { port, targetPort }: ServicePort,
  by: TargetBy,
): number | string => targetPort ?? (by === "name" ? name : port);

/** The `ports` of a Service spec. */
export function portSpecs(ports: ServicePorts, by: TargetBy): k8s.types.input.core.v1.ServicePort[] {
  return portEntries(ports).map(([name, port]) => ({
    name,
    port: port.port,
    targetPort: targetPortOf(name, port, by),
    protocol: port.protocol ?? "TCP",
    ...(port.nodePort === undefined ? {} : { nodePort: port.nodePort }),
    ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
  }));
}

/** Records what is wrong with the ports of a Service. */
export function checkPorts(
  ports: ServicePorts,
  {
    opensNodePorts,
    nodePortRange,
  }: { readonly opensNodePorts: boolean; readonly nodePortRange?: string | undefined },
  problems: Problems,
): void {
  const owners = new Map<string, string>();
  const nodePorts = new Map<number, number>();
  for (const [name, { port, targetPort = name, nodePort, protocol = "TCP", appProtocol }] of portEntries(
    ports,
  )) {
    const own = problems.at(name);
    own.check("", name, dnsLabel);
    own.check("port", port, portRule);
    if (typeof targetPort === "number") own.check("targetPort", targetPort, portRule);
    else own.check("targetPort", targetPort, portName);
    own.check("nodePort", nodePort, nodePortRule(nodePortRange));
    own.check("appProtocol", appProtocol, labelKey);
    const id = `${protocol} ${port}`;
    const owner = owners.get(id);
    own.unless(owner === undefined, "port", port, `is already port ${owner ?? ""}`);
    owners.set(id, name);
    if (nodePort !== undefined) {
      const shared = nodePorts.get(nodePort) ?? port;
      nodePorts.set(nodePort, shared);
      own.unless(shared === port, "nodePort", nodePort, `is that of the port ${shared} already`);
    }
    own.unless(
      nodePort === undefined || opensNodePorts,
      "nodePort",
      nodePort,
      "needs the exposure nodePort or loadBalancer",
    );
  }
}
