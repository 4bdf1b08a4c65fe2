import type * as k8s from "@pulumi/kubernetes";

import { isDnsLabel, isNodePort, isPort, DNS_LABEL, NODE_PORT } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";

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
   * Port on every node, 30000 to 32767; only where the exposure opens node ports.
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

/**
 * Name of a container port, IANA_SVC_NAME.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc6335#section-5.1 | RFC 6335, 5.1}.
 */
const isPortName = (text: string): boolean =>
  text.length <= 15 && /[a-z]/.test(text) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);

const PORT_NAME = "must be a container port's name: at most 15 of a-z, 0-9 and single -, with a letter";

/** Records what is wrong with the ports of a Service. */
export function checkPorts(ports: ServicePorts, opensNodePorts: boolean, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const [name, port] of portEntries(ports)) {
    const key = `ports.${name}`;
    problems.unless(isDnsLabel(name), key, name, DNS_LABEL);
    problems.unless(isPort(port.port), `${key}.port`, port.port, "must be from 1 to 65535");
    checkTarget(`${key}.targetPort`, port.targetPort ?? name, problems);

    const number = `${port.protocol ?? "TCP"} ${String(port.port)}`;
    const other = seen.get(number);
    if (other !== undefined) problems.add(`${key}.port`, port.port, `is already port ${other}`);
    seen.set(number, name);

    if (port.nodePort === undefined) continue;
    problems.unless(isNodePort(port.nodePort), `${key}.nodePort`, port.nodePort, NODE_PORT);
    problems.unless(
      opensNodePorts,
      `${key}.nodePort`,
      port.nodePort,
      "needs the exposure nodePort or loadBalancer",
    );
  }
}

function checkTarget(key: string, target: number | string, problems: Problems): void {
  if (typeof target === "number") problems.unless(isPort(target), key, target, "must be from 1 to 65535");
  else problems.unless(isPortName(target), key, target, PORT_NAME);
}
