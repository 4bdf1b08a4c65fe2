import { DNS_LABEL, NODE_PORT, isCidr, isDnsLabel, isNodePort, isPort } from "../base/checks.ts";
import { Problems } from "../base/errors.ts";
import { checkAccessLog } from "./access-log.ts";
import type { TraefikConfig } from "./args.ts";
import type { EntryPointConfig } from "./entry-points.ts";
import {
  ingressClassOf,
  kindOf,
  lifeCycleOf,
  PING_PORT,
  portsOf,
  serviceTypeOf,
  webOf,
  websecureOf,
} from "./defaults.ts";

const RESERVED = ["web", "websecure", "traefik", "metrics"];

/**
 * Finds every mistake in the configuration.
 * @throws UserError with one line for each
 */
export function checkTraefik(config: TraefikConfig): void {
  const problems = new Problems("traefik");
  problems.unless(isDnsLabel(config.namespace), "namespace", config.namespace, DNS_LABEL);
  problems.unless(isDnsLabel(ingressClassOf(config)), "ingressClass", config.ingressClass, DNS_LABEL);
  checkWorkload(config, problems);
  checkService(config, problems);
  checkLifeCycle(config, problems);
  checkPorts(config, problems);
  checkAccessLog(problems, "accessLog", config.accessLog ?? false);
  problems.throwIfAny();
}

function checkWorkload(config: TraefikConfig, problems: Problems): void {
  const { replicas, autoscaling, podDisruptionBudget: budget } = config;
  const daemon = kindOf(config) === "DaemonSet";
  if (replicas !== undefined) {
    problems.unless(Number.isInteger(replicas) && replicas >= 1, "replicas", replicas, "must be 1 or more");
    problems.unless(
      !daemon,
      "replicas",
      replicas,
      "has no meaning for a DaemonSet, which has a pod on every node",
    );
    problems.unless(
      autoscaling === undefined,
      "replicas",
      replicas,
      "is the autoscaler's to decide: leave it out",
    );
  }
  if (autoscaling !== undefined) {
    const { minReplicas = 1, maxReplicas } = autoscaling;
    problems.unless(!daemon, "autoscaling", autoscaling, "has no meaning for a DaemonSet");
    problems.unless(
      Number.isInteger(minReplicas) && minReplicas >= 1,
      "autoscaling.minReplicas",
      minReplicas,
      "must be 1 or more",
    );
    problems.unless(
      Number.isInteger(maxReplicas) && maxReplicas >= minReplicas,
      "autoscaling.maxReplicas",
      maxReplicas,
      `must be ${minReplicas} or more, as minReplicas is`,
    );
  }
  if (budget !== undefined && "minAvailable" in budget && typeof budget.minAvailable === "number") {
    const fewest = autoscaling?.minReplicas ?? replicas ?? 1;
    problems.unless(
      daemon || budget.minAvailable < fewest,
      "podDisruptionBudget.minAvailable",
      budget.minAvailable,
      `must be below the ${fewest} pods there are, or no node can be drained`,
    );
  }
  if (budget !== undefined && "maxUnavailable" in budget) {
    problems.unless(
      budget.maxUnavailable !== 0 && budget.maxUnavailable !== "0%",
      "podDisruptionBudget.maxUnavailable",
      budget.maxUnavailable,
      "must be above 0, or no node can be drained",
    );
  }
}

const LOAD_BALANCER_KEYS = [
  "loadBalancerIP",
  "loadBalancerClass",
  "loadBalancerSourceRanges",
  "timeoutSeconds",
] as const;

function checkService(config: TraefikConfig, problems: Problems): void {
  const type = serviceTypeOf(config);
  const service = config.service ?? {};
  problems.unless(
    config.hostNetwork !== true || type === "ClusterIP",
    "service.type",
    type,
    "cannot be had on the host's network, where clients reach Traefik at the nodes: use ClusterIP",
  );
  problems.unless(
    service.externalTrafficPolicy === undefined || type !== "ClusterIP",
    "service.externalTrafficPolicy",
    service.externalTrafficPolicy,
    "has no meaning for a ClusterIP Service",
  );
  for (const key of LOAD_BALANCER_KEYS) {
    const value = service[key];
    problems.unless(
      value === undefined || type === "LoadBalancer",
      `service.${key}`,
      value,
      `has no meaning for a ${type} Service`,
    );
  }
  const { timeoutSeconds: seconds = 1 } = service;
  const ok = Number.isInteger(seconds) && seconds >= 1;
  problems.unless(ok, "service.timeoutSeconds", seconds, "must be a whole number from 1");
  service.loadBalancerSourceRanges?.forEach((range, index) => {
    problems.unless(isCidr(range), `service.loadBalancerSourceRanges[${index}]`, range, CIDR);
  });
}

function checkLifeCycle(config: TraefikConfig, problems: Problems): void {
  const { requestAcceptGraceTimeout, graceTimeOut, terminationGracePeriodSeconds } = lifeCycleOf(config);
  for (const [key, seconds] of Object.entries(config.lifeCycle ?? {})) {
    problems.unless(
      Number.isInteger(seconds) && seconds >= 0,
      `lifeCycle.${key}`,
      seconds,
      "must be whole seconds, 0 or more",
    );
  }
  const keepAlive = config.lifeCycle?.keepAliveMaxTime;
  problems.unless(
    keepAlive !== 0,
    "lifeCycle.keepAliveMaxTime",
    keepAlive,
    "must be above 0; leave it out for none",
  );
  problems.unless(
    requestAcceptGraceTimeout + graceTimeOut < terminationGracePeriodSeconds,
    "lifeCycle.terminationGracePeriodSeconds",
    terminationGracePeriodSeconds,
    `must be above requestAcceptGraceTimeout + graceTimeOut, ${requestAcceptGraceTimeout} + ${graceTimeOut}, or requests are cut off`,
  );
}

const CIDR = "must be a network in CIDR notation, as 10.0.0.0/8";

function checkPorts(config: TraefikConfig, problems: Problems): void {
  checkPort(config, "web", config.web ?? {}, problems);
  checkPort(config, "websecure", config.websecure ?? {}, problems);
  for (const [name, port] of Object.entries(config.ports ?? {})) {
    problems.unless(
      /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(name) && !name.includes("--"),
      `ports.${name}`,
      name,
      "must have at most 15 characters of a-z, 0-9 and single -, with a letter and no - at the ends",
    );
    problems.unless(
      !RESERVED.includes(name),
      `ports.${name}`,
      name,
      `must not be one of ${RESERVED.join(", ")}`,
    );
    checkPort(config, `ports.${name}`, port, problems);
  }
  checkTrusted("web", config.web, problems);
  checkTrusted("websecure", config.websecure, problems);
  checkClashes(config, problems);
}

function checkPort(
  config: TraefikConfig,
  key: string,
  { port, exposedPort, nodePort }: Pick<EntryPointConfig, "port" | "exposedPort" | "nodePort">,
  problems: Problems,
): void {
  if (port !== undefined) {
    problems.unless(isPort(port), `${key}.port`, port, "must be from 1 to 65535");
    problems.unless(
      port >= 1024 || config.hostNetwork === true,
      `${key}.port`,
      port,
      "must be 1024 or more, as the pod is unprivileged: give clients the small one by exposedPort",
    );
  }
  if (exposedPort !== undefined) {
    problems.unless(isPort(exposedPort), `${key}.exposedPort`, exposedPort, "must be from 1 to 65535");
  }
  if (nodePort !== undefined) {
    const type = serviceTypeOf(config);
    problems.unless(isNodePort(nodePort), `${key}.nodePort`, nodePort, NODE_PORT);
    problems.unless(
      type !== "ClusterIP",
      `${key}.nodePort`,
      nodePort,
      config.hostNetwork === true
        ? "cannot be had on the host's network: use port"
        : "needs a service.type of NodePort or LoadBalancer",
    );
  }
}

function checkTrusted(key: string, entryPoint: EntryPointConfig | undefined, problems: Problems): void {
  for (const header of ["forwardedHeaders", "proxyProtocol"] as const) {
    entryPoint?.[header]?.trustedIPs.forEach((range, index) => {
      const at = `${key}.${header}.trustedIPs[${index}]`;
      problems.unless(isCidr(range), at, range, CIDR);
      problems.unless(!/\/0+$/.test(range), at, range, "would let every client forge its address");
    });
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
  for (const [name, { port, exposedPort, nodePort }] of entryPoints) {
    const key = RESERVED.includes(name) ? name : `ports.${name}`;
    const taken = (seen: Map<string, string>, number: number | undefined, field: string): boolean => {
      if (number === undefined) return false;
      const id = `${number}/${protocolOf(name)}`;
      const other = seen.get(id);
      problems.unless(
        other === undefined,
        `${key}.${field}`,
        number,
        `is taken by the entry point ${other ?? ""}`,
      );
      seen.set(id, name);
      return other !== undefined;
    };
    taken(listening, port, "port");
    // The Service's port is the node port unless it was given.
    if (!taken(nodePorts, nodePort, "nodePort") || exposedPort !== nodePort)
      taken(exposed, exposedPort, "exposedPort");
  }
}
