import type { types } from "@pulumi/kubernetes";

import { isPath, isPort } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";
import { firstPort, portNumber, type Ports } from "./ports.ts";

/** A check of a container: one way to ask, and how often. */
export interface Probe {
  /** Healthy when GET answers 200 to 399. */
  readonly httpGet?:
    | {
        /** Absolute path: `/healthz`. */
        readonly path: string;
        /** Name or number. @default the first port */
        readonly port?: string | number | undefined;
        /** Scheme; a certificate is not verified. @default "HTTP" */
        readonly scheme?: "HTTP" | "HTTPS" | undefined;
        /** Header values by name. @default none */
        readonly headers?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** Healthy when the port takes a connection. */
  readonly tcpSocket?:
    | {
        /** Name or number. @default the first port */
        readonly port?: string | number | undefined;
      }
    | undefined;
  /** Healthy when the command, run in the container, exits with 0. */
  readonly exec?:
    | {
        /** Program and its arguments. */
        readonly command: readonly string[];
      }
    | undefined;
  /** Healthy when the gRPC health service says SERVING. */
  readonly grpc?:
    | {
        /** Name or number. @default the first port */
        readonly port?: string | number | undefined;
        /** Service to ask for. @default the whole server */
        readonly service?: string | undefined;
      }
    | undefined;
  /** Seconds before the first look. @default 0 */
  readonly initialDelaySeconds?: number | undefined;
  /** Seconds between looks. @default 10 for liveness; 2 for readiness and 1 for startup, so that a rollout does not wait for the next look */
  readonly periodSeconds?: number | undefined;
  /** Seconds an answer may take. @default 1 */
  readonly timeoutSeconds?: number | undefined;
  /** Successes in a row after a failure. @default 1, the only value for startup and liveness */
  readonly successThreshold?: number | undefined;
  /** Failures in a row before it acts. @default 3; 60 for the startup probe */
  readonly failureThreshold?: number | undefined;
}

/** The checks of a container. A string is short for `{ httpGet: { path } }`. */
export interface Probes {
  /**
   * Holds the other two back until it has succeeded once; the container is restarted if it does not.
   * @default what `liveness` asks, each second for a minute; `false` for none
   */
  readonly startup?: string | Probe | false | undefined;
  /** While it fails the pod gets no traffic. @default none: ready once started */
  readonly readiness?: string | Probe | undefined;
  /**
   * When it fails the container is restarted. It should not ask for what other programs do: restarting this one does
   * not help them.
   * @default none: restarted only when it exits
   */
  readonly liveness?: string | Probe | undefined;
}

type Manifest = types.input.core.v1.Probe;

interface ContainerProbes {
  startupProbe?: Manifest | undefined;
  readinessProbe?: Manifest | undefined;
  livenessProbe?: Manifest | undefined;
}

const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc"] as const;

/** The probes of a container with these ports. */
export function containerProbes(
  probes: Probes,
  ports: Ports,
  key: string,
  problems: Problems,
): ContainerProbes {
  const { readiness, liveness } = probes;
  const startup = probes.startup ?? startupFrom(liveness);
  const made: ContainerProbes = {};
  const add = (
    kind: keyof Probes,
    probe: string | Probe | false | undefined,
    defaults: Partial<Manifest>,
  ) => {
    if (probe === undefined || probe === false) return;
    const full: Probe = typeof probe === "string" ? { httpGet: { path: probe } } : probe;
    made[`${kind}Probe`] = { ...defaults, ...manifest(full, kind, ports, `${key}.${kind}`, problems) };
  };
  add("startup", startup, { periodSeconds: 1, failureThreshold: 60 });
  add("readiness", readiness, { periodSeconds: 2 });
  add("liveness", liveness, {});
  return made;
}

/** The same question without its timing, which is for a program that runs. */
function startupFrom(probe: string | Probe | undefined): string | Probe | undefined {
  if (probe === undefined || typeof probe === "string") return probe;
  const { httpGet, tcpSocket, exec, grpc, timeoutSeconds } = probe;
  return {
    ...(httpGet && { httpGet }),
    ...(tcpSocket && { tcpSocket }),
    ...(exec && { exec }),
    ...(grpc && { grpc }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

function manifest(probe: Probe, kind: keyof Probes, ports: Ports, key: string, problems: Problems): Manifest {
  const { httpGet, tcpSocket, exec, grpc, ...timing } = probe;
  const given = HANDLERS.filter((handler) => probe[handler] !== undefined);
  problems.unless(given.length === 1, key, given, `must have exactly one of ${HANDLERS.join(", ")}`);
  for (const [name, seconds] of Object.entries(timing)) {
    const least = name === "initialDelaySeconds" ? 0 : 1;
    const ok = seconds === undefined || (Number.isInteger(seconds) && seconds >= least);
    problems.unless(ok, `${key}.${name}`, seconds, `must be a whole number from ${least}`);
  }
  if (kind !== "readiness") {
    const threshold = timing.successThreshold ?? 1;
    problems.unless(threshold === 1, `${key}.successThreshold`, threshold, `must be 1 for ${kind}`);
  }
  const port = (wanted: string | number | undefined) => checkedPort(wanted, ports, key, problems);
  const set = Object.fromEntries(Object.entries(timing).filter(([, value]) => value !== undefined));
  if (httpGet) {
    const { path, scheme, headers } = httpGet;
    problems.unless(isPath(path.split("?")[0] ?? ""), key, path, 'must be a path that begins with "/"');
    const httpHeaders = headers && Object.entries(headers).map(([name, value]) => ({ name, value }));
    return { httpGet: { path, port: port(httpGet.port), scheme, httpHeaders }, ...set };
  }
  if (tcpSocket) return { tcpSocket: { port: port(tcpSocket.port) }, ...set };
  if (exec) {
    problems.unless(exec.command.length > 0, `${key}.exec.command`, exec.command, "must name a program");
    return { exec: { command: [...exec.command] }, ...set };
  }
  // The API takes no port name here, unlike in the other handlers.
  const name = port(grpc?.port);
  const number = typeof name === "number" ? name : portNumber(ports[name] ?? 0);
  return { grpc: { port: number, service: grpc?.service }, ...set };
}

/** A port to ask, by name where the container has one. */
function checkedPort(
  wanted: string | number | undefined,
  ports: Ports,
  key: string,
  problems: Problems,
): string | number {
  const port = wanted ?? firstPort(ports);
  if (port === undefined) {
    problems.add(key, undefined, "needs a port: the container has no `ports`, and the probe names none");
    return 0;
  }
  if (typeof port === "number") problems.unless(isPort(port), `${key}.port`, port, "must be from 1 to 65535");
  else if (ports[port] === undefined) {
    problems.add(`${key}.port`, port, `must be one of the ports: ${Object.keys(ports).join(", ") || "none"}`);
  }
  return port;
}
