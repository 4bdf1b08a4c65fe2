import { describe, expect, test } from "vitest";

import { describe as describeProblem, Problems } from "../../../components/base/errors.ts";
import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { checkTraefik } from "../../../components/traefik/checks.ts";
import { shapes } from "./shapes.ts";

function mistakes(config: Partial<TraefikConfig>): string[] {
  const problems = new Problems("traefik");
  checkTraefik({ stack: { project: "slipway", stack: "dev" }, namespace: "traefik", ...config }, problems);
  return problems.found.map(describeProblem);
}

describe("checks", () => {
  test.each(Object.entries(shapes))("nothing is wrong with %s", (_name, config) => {
    const problems = new Problems("traefik");
    checkTraefik(config, problems);
    expect(problems.found).toEqual([]);
  });

  test("all mistakes come together", () => {
    expect(
      mistakes({
        namespace: "Traefik",
        service: { type: "NodePort", loadBalancerIP: "192.0.2.1", timeoutSeconds: 0 },
        web: { nodePort: 80, forwardedHeaders: { trustedIPs: ["10.0.0.1"] } },
        lifeCycle: { graceTimeOut: 30 },
      }),
    ).toEqual([
      'namespace: "Traefik" must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends',
      'service.loadBalancerIP: "192.0.2.1" has no meaning for a NodePort Service',
      "service.timeoutSeconds: 0 has no meaning for a NodePort Service",
      "service.timeoutSeconds: 0 must be a whole number from 1",
      "lifeCycle.terminationGracePeriodSeconds: 30 must be above requestAcceptGraceTimeout + graceTimeOut, 5 + 30, or requests are cut off",
      "web.nodePort: 80 must be from 30000 to 32767",
      'web.forwardedHeaders.trustedIPs[0]: "10.0.0.1" must be a network in CIDR notation, as "10.0.0.0/8"',
    ]);
  });

  test.each<[string, Partial<TraefikConfig>, string]>([
    [
      "replicas of a DaemonSet",
      { kind: "DaemonSet", replicas: 2 },
      "replicas: 2 has no meaning for a DaemonSet",
    ],
    ...[{ replicas: 2 }, { autoscaling: { maxReplicas: 3 } }, { kind: "DaemonSet" } as const].map(
      (pods): [string, Partial<TraefikConfig>, string] => [
        "several pods with Traefik's own ACME",
        { ...pods, values: { certificatesResolvers: { le: { acme: {} } } } },
        'values.certificatesResolvers: "le" is for one pod: Traefik keeps what ACME issues in a file of its own',
      ],
    ),
    ["no replicas", { replicas: 0 }, "replicas: 0 must be 1 or more"],
    [
      "replicas and an autoscaler",
      { replicas: 2, autoscaling: { maxReplicas: 3 } },
      "replicas: 2 is the autoscaler's to decide",
    ],
    [
      "an autoscaler upside down",
      { autoscaling: { minReplicas: 4, maxReplicas: 3 } },
      "autoscaling.maxReplicas: 3 must be 4 or more",
    ],
    [
      "no time for an answer",
      { forwardingTimeouts: { responseHeaderTimeout: 0 } },
      "forwardingTimeouts.responseHeaderTimeout: 0 must be a whole number from 1",
    ],
    [
      "flags that replace those of the timeouts",
      { forwardingTimeouts: { dialTimeout: 1 }, values: { additionalArguments: ["--log"] } },
      'values.additionalArguments: ["--log"] would take the place of forwardingTimeouts: say these there, too',
    ],
    [
      "a budget that blocks every drain",
      { podDisruptionBudget: { minAvailable: 1 } },
      "podDisruptionBudget.minAvailable: 1 must be below the 1 pods there are",
    ],
    [
      "a budget of nothing",
      { podDisruptionBudget: { maxUnavailable: 0 } },
      "podDisruptionBudget.maxUnavailable: 0 must be above 0",
    ],
    [
      "node ports on the host's network",
      { hostNetwork: true, web: { nodePort: 30_080 } },
      "web.nodePort: 30080 cannot be had on the host's network: use port",
    ],
    [
      "a LoadBalancer on the host's network",
      { hostNetwork: true, service: { type: "LoadBalancer" } },
      'service.type: "LoadBalancer" cannot be had on the host\'s network',
    ],
    [
      "node ports of a ClusterIP Service",
      { service: { type: "ClusterIP" }, websecure: { nodePort: 30_443 } },
      "websecure.nodePort: 30443 needs a service.type of NodePort or LoadBalancer",
    ],
    [
      "a traffic policy inside the cluster",
      { service: { type: "ClusterIP", externalTrafficPolicy: "Local" } },
      'service.externalTrafficPolicy: "Local" has no meaning for a ClusterIP Service',
    ],
    ["a small port", { web: { port: 80 } }, "web.port: 80 must be 1024 or more, as the pod is unprivileged"],
    [
      "everybody trusted",
      { websecure: { proxyProtocol: { trustedIPs: ["0.0.0.0/0"] } } },
      'websecure.proxyProtocol.trustedIPs[0]: "0.0.0.0/0" would let every client forge its address',
    ],
    [
      "a reserved name",
      { ports: { web: { port: 9000 } } },
      'ports.web: "web" must not be one of web, websecure',
    ],
    ["a long name", { ports: { "message-queue-tcp": { port: 9000 } } }, "ports.message-queue-tcp:"],
    [
      "a taken port",
      { ports: { mqtt: { port: 8443 } } },
      "ports.mqtt.port: 8443 is taken by the entry point websecure",
    ],
    ["Traefik's own port", { web: { port: 8080 } }, "web.port: 8080 is taken by the entry point traefik"],
    [
      "one node port twice",
      { service: { type: "NodePort" }, web: { nodePort: 30_001 }, websecure: { nodePort: 30_001 } },
      "websecure.nodePort: 30001 is taken by the entry point web",
    ],
    [
      "half seconds",
      { lifeCycle: { graceTimeOut: 1.5 } },
      "lifeCycle.graceTimeOut: 1.5 must be a whole number of seconds",
    ],
    [
      "passwords in the access log",
      { accessLog: { format: "json", headers: ["Authorization"] } },
      'accessLog.headers[0]: "Authorization" would write passwords or sessions into the log',
    ],
    [
      "a header that the access log's format has no place for",
      { accessLog: { headers: ["Referer", "X-Request-Id"] } },
      'accessLog.headers[1]: "X-Request-Id" has no place in the format "common", only Referer and User-Agent have: use "json"',
    ],
    [
      "what is no header",
      { accessLog: { format: "json", headers: ["a b"] } },
      'accessLog.headers[0]: "a b" must be a header\'s name, as "User-Agent"',
    ],
    [
      "answers that there are none of",
      { accessLog: { statusCodes: ["5xx"] } },
      'accessLog.statusCodes[0]: "5xx" must be a code or a range: "404" or "500-599"',
    ],
    [
      "a time that is none",
      { accessLog: { minDuration: "soon" } },
      'accessLog.minDuration: "soon" must be whole seconds or a duration, such as "500ms" or "1m30s"',
    ],
  ])("%s", (_name, config, line) => {
    expect(mistakes(config)).toContainEqual(expect.stringContaining(line));
  });

  test("one number serves TCP and UDP", () => {
    const ports = { dns: { port: 5353 }, "dns-udp": { port: 5353, protocol: "UDP" as const } };
    expect(mistakes({ ports })).toEqual([]);
  });

  test("one node port serves TCP and UDP of one number of the Service's only", () => {
    const udp = (exposedPort: number) => ({
      service: { type: "NodePort" as const },
      ports: {
        dns: { port: 5353, exposedPort: 53, nodePort: 30_053 },
        "dns-udp": { port: 5353, exposedPort, nodePort: 30_053, protocol: "UDP" as const },
      },
    });
    expect(mistakes(udp(53))).toEqual([]);
    expect(mistakes(udp(54))).toEqual([
      "ports.dns-udp.nodePort: 30053 is that of the entry point dns, which a Service's port shares only with the same exposedPort",
    ]);
  });
});
