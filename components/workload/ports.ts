import type { types } from "@pulumi/kubernetes";

import { isPort } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";

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

/** IANA service name: at most 15 of a-z, 0-9 and -, with a letter, no - at the ends or twice in a row. */
const isPortName = (name: string): boolean =>
  /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 15;

const PORT_NAME = "must be a port name: at most 15 of a-z, 0-9 and single -, with a letter";

/** The `ports` of a container. */
export function containerPorts(
  ports: Ports,
  key: string,
  problems: Problems,
): types.input.core.v1.ContainerPort[] {
  const seen = new Map<string, string>();
  return Object.entries(ports).map(([name, port]) => {
    const containerPort = portNumber(port);
    const protocol = portProtocol(port);
    problems.unless(isPortName(name), `${key}.${name}`, undefined, PORT_NAME);
    problems.unless(isPort(containerPort), `${key}.${name}`, containerPort, "must be from 1 to 65535");
    const other = seen.get(`${containerPort}/${protocol}`);
    problems.unless(other === undefined, `${key}.${name}`, containerPort, `is taken by ${other ?? ""}`);
    seen.set(`${containerPort}/${protocol}`, name);
    return { name, containerPort, protocol };
  });
}
