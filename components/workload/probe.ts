import type { types } from "@pulumi/kubernetes";

import type { Problems } from "../base/errors.ts";
import {
  count,
  headerValue,
  port as portRule,
  positive,
  rule,
  urlPathAndQuery,
} from "../base/rules/index.ts";
import { firstPort, portNumber, type Ports } from "./container-ports.ts";

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

/** The probes of a container with these ports. */
export function containerProbes(probes: Probes, ports: Ports): ContainerProbes {
  const made: ContainerProbes = {};
  for (const { kind, probe, defaults } of probesOf(probes)) {
    made[`${kind}Probe`] = { ...defaults, ...manifest(probe, ports) };
  }
  return made;
}

interface NamedProbe {
  readonly kind: keyof Probes;
  readonly probe: Probe;
  readonly defaults: Partial<Manifest>;
}

/** The probes that there are, in full. */
function probesOf({ startup, readiness, liveness }: Probes): NamedProbe[] {
  const entry = (
    kind: keyof Probes,
    probe: string | Probe | false | undefined,
    defaults: Partial<Manifest>,
  ): NamedProbe[] => {
    if (probe === undefined || probe === false) return [];
    return [{ kind, probe: typeof probe === "string" ? { httpGet: { path: probe } } : probe, defaults }];
  };
  return [
    ...entry("startup", startup ?? startupFrom(liveness), { periodSeconds: 1, failureThreshold: 60 }),
    ...entry("readiness", readiness, { periodSeconds: 2 }),
    ...entry("liveness", liveness, {}),
  ];
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

function manifest(probe: Probe, ports: Ports): Manifest {
  const { httpGet, tcpSocket, exec, grpc, ...timing } = probe;
  const port = (wanted: string | number | undefined) => wanted ?? firstPort(ports) ?? 0;
  const set = Object.fromEntries(Object.entries(timing).filter(([, value]) => value !== undefined));
  if (httpGet) {
    const { path, scheme, headers } = httpGet;
    const httpHeaders = headers && Object.entries(headers).map(([name, value]) => ({ name, value }));
    return { httpGet: { path, port: port(httpGet.port), scheme, httpHeaders }, ...set };
  }
  if (tcpSocket) return { tcpSocket: { port: port(tcpSocket.port) }, ...set };
  if (exec) return { exec: { command: [...exec.command] }, ...set };
  // The API takes no port name here, unlike in the other handlers.
  const name = port(grpc?.port);
  const number = typeof name === "number" ? name : portNumber(ports[name] ?? 0);
  return { grpc: { port: number, service: grpc?.service }, ...set };
}

const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc"] as const;

/** Records what is wrong with the probes of a container with these ports. */
export function checkProbes(probes: Probes, ports: Ports, problems: Problems): void {
  // A startup probe that is made from the liveness probe has that one's mistakes.
  const { startup = false, readiness, liveness } = probes;
  for (const { kind, probe } of probesOf({ startup, readiness, liveness })) {
    checkProbe(probe, kind, ports, problems.at(kind));
  }
}

function checkProbe(probe: Probe, kind: keyof Probes, ports: Ports, problems: Problems): void {
  const { httpGet, tcpSocket, exec, grpc, ...timing } = probe;
  const given = HANDLERS.filter((handler) => probe[handler] !== undefined);
  problems.unless(given.length === 1, "", given, `must have exactly one of ${HANDLERS.join(", ")}`);
  for (const [name, value] of Object.entries(timing)) {
    problems.check(name, value, name === "initialDelaySeconds" ? count : positive);
  }
  if (kind !== "readiness") {
    const threshold = timing.successThreshold ?? 1;
    problems.unless(threshold === 1, "successThreshold", threshold, `must be 1 for ${kind}`);
  }
  if (httpGet) {
    problems.check("", httpGet.path, urlPathAndQuery);
    for (const [name, value] of Object.entries(httpGet.headers ?? {})) {
      problems.at("httpGet", "headers").checkName(name, probeHeader);
      problems.at("httpGet", "headers").check(name, value, headerValue);
    }
  }
  if (exec && given.length === 1)
    problems.unless(exec.command.length > 0, "exec.command", exec.command, "must name a program");
  const asked = httpGet ?? tcpSocket ?? grpc;
  if (asked) checkPort(asked.port, ports, problems);
}

/**
 * Name of a header of a probe, narrower than HTTP's.
 * Source: `IsHTTPHeaderName` of {@link https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation}.
 */
const probeHeader = rule<string>('must be a header\'s name of letters, digits and -, as "X-Probe"', (text) =>
  /^[-A-Za-z0-9]+$/.test(text),
);

function checkPort(wanted: string | number | undefined, ports: Ports, problems: Problems): void {
  const port = wanted ?? firstPort(ports);
  if (port === undefined) {
    problems.add("", undefined, "needs a port: the container has no `ports`, and the probe names none");
    return;
  }
  if (typeof port === "number") {
    problems.check("port", port, portRule);
    return;
  }
  const known = Object.keys(ports);
  problems.unless(
    known.includes(port),
    "port",
    port,
    `must be one of the ports: ${known.join(", ") || "none"}`,
  );
}
