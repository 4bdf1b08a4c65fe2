import type { Problems } from "../base/errors.ts";
import {
  cidr,
  coverEverything,
  nodePort as nodePortRule,
  port as portRule,
  portName,
  portRange,
} from "../base/rules/index.ts";
import type { TraefikConfig } from "./args.ts";
import { PING_PORT, portsOf, serviceTypeOf, webOf, websecureOf } from "./defaults.ts";
import type { EntryPointConfig } from "./entry-points.ts";

/** The chart's own entry points. */
const RESERVED = ["web", "websecure", "traefik", "metrics"];

type Numbers = Pick<EntryPointConfig, "port" | "exposedPort" | "nodePort">;

/** Records what is wrong with the entry points, each for itself and together. */
export function checkEntryPoints(config: TraefikConfig, problems: Problems): void {
  problems.check("nodePortRange", config.nodePortRange, portRange);
  checkNumbers(config, config.web ?? {}, problems.at("web"));
  checkNumbers(config, config.websecure ?? {}, problems.at("websecure"));
  for (const [name, port] of Object.entries(config.ports ?? {})) {
    const own = problems.at("ports", name);
    own.check("", name, portName);
    own.unless(!RESERVED.includes(name), "", name, `must not be one of ${RESERVED.join(", ")}`);
    checkNumbers(config, port, own);
  }
  checkTrusted(config.web, problems.at("web"));
  checkTrusted(config.websecure, problems.at("websecure"));
  const { reachable } = websecureOf(config);
  const known = config.websecure?.http3 !== true || reachable !== undefined;
  problems.unless(known, "websecure.http3", true, "needs websecure.nodePort: clients are told the port");
  checkClashes(config, problems);
}

function checkNumbers(
  config: TraefikConfig,
  { port, exposedPort, nodePort }: Numbers,
  problems: Problems,
): void {
  problems.check("port", port, portRule);
  problems.unless(
    port === undefined || port >= 1024 || config.hostNetwork === true,
    "port",
    port,
    "must be 1024 or more, as the pod is unprivileged: give clients the small one by exposedPort",
  );
  problems.check("exposedPort", exposedPort, portRule);
  problems.check("nodePort", nodePort, nodePortRule(config.nodePortRange));
  problems.unless(
    nodePort === undefined || serviceTypeOf(config) !== "ClusterIP",
    "nodePort",
    nodePort,
    config.hostNetwork === true
      ? "cannot be had on the host's network: use port"
      : "needs a service.type of NodePort or LoadBalancer",
  );
}

const FORGED = "would let every client forge its address";

function checkTrusted(entryPoint: EntryPointConfig | undefined, problems: Problems): void {
  for (const header of ["forwardedHeaders", "proxyProtocol"] as const) {
    const trusted = entryPoint?.[header]?.trustedIPs;
    if (trusted === undefined) continue;
    const own = problems.at(header);
    own.unless(
      trusted.length > 0,
      "trustedIPs",
      [],
      "must hold at least one network; leave it out to trust none",
    );
    trusted.forEach((network, index) => {
      own.check(`trustedIPs[${index}]`, network, cidr);
      own.unless(!coverEverything([network]), `trustedIPs[${index}]`, network, FORGED);
    });
    const alone = trusted.some((network) => coverEverything([network]));
    own.unless(alone || !coverEverything(trusted), "trustedIPs", trusted, FORGED);
  }
}

function checkClashes(config: TraefikConfig, problems: Problems): void {
  const entryPoints = [
    ["web", webOf(config)],
    ["websecure", websecureOf(config)],
    ...portsOf(config),
  ] as const;
  const protocolOf = (name: string): string => config.ports?.[name]?.protocol ?? "TCP";
  // The chart's own entry points: ping with the API, and metrics.
  const listening = new Map([[`${PING_PORT}/TCP`, "traefik"]]);
  if (config.metrics !== undefined && config.metrics !== false) listening.set("9100/TCP", "metrics");
  const exposed = new Map<string, string>();
  const nodePorts = new Map<string, string>();
  if (config.websecure?.http3 === true) {
    const { port, exposedPort, nodePort } = websecureOf(config);
    listening.set(`${port}/UDP`, "websecure");
    exposed.set(`${exposedPort}/UDP`, "websecure");
    if (nodePort !== undefined) nodePorts.set(`${nodePort}/UDP`, "websecure");
  }
  const services = new Map<number, { name: string; exposedPort: number }>();
  for (const [name, { port, exposedPort, nodePort }] of entryPoints) {
    const own = RESERVED.includes(name) ? problems.at(name) : problems.at("ports", name);
    const taken = (seen: Map<string, string>, number: number | undefined, field: string): boolean => {
      if (number === undefined) return false;
      const id = `${number}/${protocolOf(name)}`;
      const other = seen.get(id);
      own.unless(other === undefined, field, number, `is taken by the entry point ${other ?? ""}`);
      seen.set(id, name);
      return other !== undefined;
    };
    taken(listening, port, "port");
    // The Service's port is the node port unless it was given.
    if (!taken(nodePorts, nodePort, "nodePort") || exposedPort !== nodePort)
      taken(exposed, exposedPort, "exposedPort");
    if (nodePort === undefined) continue;
    const before = services.get(nodePort) ?? { name, exposedPort };
    services.set(nodePort, before);
    own.unless(
      before.exposedPort === exposedPort,
      "nodePort",
      nodePort,
      `is that of the entry point ${before.name}, which a Service's port shares only with the same exposedPort`,
    );
  }
}
