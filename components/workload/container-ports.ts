import type { types } from "@pulumi/kubernetes";

import type { Problems } from "../base/errors.ts";
import { port as portRule, portName } from "../base/rules/index.ts";

/** A port of a container. */
export interface ContainerPort {
  /** Number of the port. */
  readonly port: number;
  /** Protocol of the traffic. @default "TCP" */
  readonly protocol?: "TCP" | "UDP" | "SCTP" | undefined;
}

/** Ports by name, which Services and probes refer to: `{ http: 8080 }`. */
export type Ports = Readonly<Record<string, number | ContainerPort>>;

/** Number of a port. */
export const portNumber = (port: number | ContainerPort): number =>
  typeof port === "number" ? port : port.port;

/** Protocol of a port. */
export const portProtocol = (port: number | ContainerPort): "TCP" | "UDP" | "SCTP" =>
  (typeof port === "number" ? undefined : port.protocol) ?? "TCP";

/** Name of the port that stands for all where none is said: the first. */
export const firstPort = (ports: Ports): string | undefined => Object.keys(ports)[0];

/** The `ports` of a container. */
export const containerPorts = (ports: Ports): types.input.core.v1.ContainerPort[] =>
  Object.entries(ports).map(([name, port]) => ({
    name,
    containerPort: portNumber(port),
    protocol: portProtocol(port),
  }));

/** Records what is wrong with the ports of a container. */
export function checkContainerPorts(ports: Ports, problems: Problems): void {
  const owners = new Map<string, string>();
  for (const [name, port] of Object.entries(ports)) {
    problems.checkName(name, portName);
    problems.check(name, portNumber(port), portRule);
    const id = `${portNumber(port)}/${portProtocol(port)}`;
    const owner = owners.get(id);
    problems.unless(owner === undefined, name, portNumber(port), `is taken by ${owner ?? ""}`);
    owners.set(id, name);
  }
}
