import { describe, expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { Exposure, serviceDns, serviceVariables } from "../../../components/service/index.ts";
import { checkNodeAddresses, checkService } from "../../../components/service/check.ts";
import { checkNodePorts } from "../../../components/service/node-ports.ts";
import { serviceSpec, type ServiceSpecArgs } from "../../../components/service/spec.ts";

const selector = { app: "nginx" };
const ports = { http: 80 };
const http = { name: "http", port: 80, targetPort: "http", protocol: "TCP" };

describe("serviceSpec", () => {
  it.each<[string, ServiceSpecArgs, object]>([
    ["ClusterIP by default", { ports }, { type: "ClusterIP", selector, ports: [http] }],
    [
      "headless, where the port is the pods' own",
      { ports: { http: 8080 }, exposure: Exposure.headless(), publishNotReadyAddresses: true },
      {
        type: "ClusterIP",
        clusterIP: "None",
        selector,
        ports: [{ name: "http", port: 8080, targetPort: 8080, protocol: "TCP" }],
        publishNotReadyAddresses: true,
      },
    ],
    [
      "NodePort by hand",
      {
        ports: { http: { port: 80, targetPort: "http", nodePort: 30_007 } },
        exposure: Exposure.nodePort({ externalTrafficPolicy: "Local" }),
      },
      { type: "NodePort", externalTrafficPolicy: "Local", selector, ports: [{ ...http, nodePort: 30_007 }] },
    ],
    [
      "LoadBalancer with every option",
      {
        ports,
        exposure: Exposure.loadBalancer({
          address: "192.0.2.100",
          class: "metallb.io/l2",
          sourceRanges: ["10.0.0.0/8"],
          allocateNodePorts: false,
          externalTrafficPolicy: "Local",
        }),
      },
      {
        type: "LoadBalancer",
        loadBalancerIP: "192.0.2.100",
        loadBalancerClass: "metallb.io/l2",
        loadBalancerSourceRanges: ["10.0.0.0/8"],
        allocateLoadBalancerNodePorts: false,
        externalTrafficPolicy: "Local",
        selector,
        ports: [http],
      },
    ],
    [
      "external addresses",
      { ports, exposure: Exposure.externalIPs(["192.0.2.80"]) },
      { type: "ClusterIP", externalIPs: ["192.0.2.80"], selector, ports: [http] },
    ],
    [
      "an external name, which has no ports",
      { exposure: Exposure.externalName("db.example.com") },
      { type: "ExternalName", externalName: "db.example.com" },
    ],
    [
      "two named ports, one by number",
      { ports: { http: { port: 80, targetPort: 9376 }, https: { port: 443, targetPort: 9377 } } },
      {
        type: "ClusterIP",
        selector,
        ports: [
          { name: "http", port: 80, targetPort: 9376, protocol: "TCP" },
          { name: "https", port: 443, targetPort: 9377, protocol: "TCP" },
        ],
      },
    ],
    [
      "affinity with a timeout, traffic policy, families",
      {
        ports: { dns: { port: 53, protocol: "UDP", appProtocol: "dns" } },
        sessionAffinity: { timeoutSeconds: 60 },
        internalTrafficPolicy: "Local",
        ipFamilies: ["IPv4", "IPv6"],
        ipFamilyPolicy: "PreferDualStack",
      },
      {
        type: "ClusterIP",
        selector,
        ports: [{ name: "dns", port: 53, targetPort: "dns", protocol: "UDP", appProtocol: "dns" }],
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
        internalTrafficPolicy: "Local",
        ipFamilies: ["IPv4", "IPv6"],
        ipFamilyPolicy: "PreferDualStack",
      },
    ],
  ])("%s", (_, args, spec) => {
    expect(serviceSpec(args, selector)).toEqual(spec);
  });
});

describe("checkService", () => {
  const found = (args: ServiceSpecArgs): string[] => {
    const problems = new Problems("service web");
    checkService("web", args, problems);
    return problems.found.map(({ key, value, allowed }) => `${key} ${JSON.stringify(value)} ${allowed}`);
  };

  it.each<[string, ServiceSpecArgs]>([
    ["a Service", { ports }],
    ["a name without ports", { exposure: Exposure.externalName("db.example.com.") }],
    [
      "the lowest node port",
      { ports: { http: { port: 80, nodePort: 30_000 } }, exposure: Exposure.nodePort() },
    ],
    [
      "one node port for TCP and UDP of one number",
      {
        ports: {
          dns: { port: 53, nodePort: 30_053 },
          "dns-udp": { port: 53, nodePort: 30_053, protocol: "UDP" },
        },
        exposure: Exposure.nodePort(),
      },
    ],
    ["one number for TCP and UDP", { ports: { dns: 53, "dns-udp": { port: 53, protocol: "UDP" } } }],
    ["IPv6 endpoints", { ports, endpoints: ["2001:db8::1"] }],
  ])("accepts %s", (_, args) => {
    expect(found(args)).toEqual([]);
  });

  it.each<[ServiceSpecArgs, string]>([
    [{}, "ports undefined must name at least one port"],
    [{ ports: { http: 0 } }, "ports.http.port 0 must be from 1 to 65535"],
    [{ ports: { Http: { port: 80, targetPort: 80 } } }, 'ports.Http "Http" must be a DNS label'],
    [{ ports: { http: { port: 80, targetPort: "Web" } } }, 'ports.http.targetPort "Web" must be a port name'],
    [
      { ports: { "a-rather-long-name": 80 } },
      'ports.a-rather-long-name.targetPort "a-rather-long-name" must be',
    ],
    [{ ports: { a: 80, b: 80 } }, "ports.b.port 80 is already port a"],
    [
      { ports: { http: { port: 80, nodePort: 8080 } }, exposure: Exposure.nodePort() },
      "ports.http.nodePort 8080 must be from 30000 to 32767",
    ],
    [
      {
        ports: { http: { port: 80, nodePort: 30_007 }, dns: { port: 53, protocol: "UDP", nodePort: 30_007 } },
        exposure: Exposure.nodePort(),
      },
      "ports.dns.nodePort 30007 is that of the port 80 already",
    ],
    [
      { ports: { http: { port: 80, nodePort: 30_007 } } },
      "ports.http.nodePort 30007 needs the exposure nodePort",
    ],
    [
      { ports, exposure: Exposure.loadBalancer({ sourceRanges: ["10.0.0.1"] }) },
      'exposure.sourceRanges "10.0.0.1" must be a network in CIDR notation',
    ],
    [
      { ports, exposure: Exposure.loadBalancer({ address: "web" }) },
      'exposure.address "web" must be an IPv4 or IPv6 address',
    ],
    [{ ports, exposure: Exposure.externalIPs([]) }, "exposure.addresses undefined must hold at least one"],
    [
      { ports, exposure: Exposure.externalIPs(["node"]) },
      'exposure.addresses "node" must be an IPv4 or IPv6 address',
    ],
    [{ exposure: Exposure.externalName("192.0.2.1") }, 'exposure.host "192.0.2.1" must be a host\'s name'],
    [
      { exposure: Exposure.externalName("https://a.b") },
      'exposure.host "https://a.b" must be a host\'s name',
    ],
    [{ exposure: Exposure.externalName("a.b"), endpoints: ["192.0.2.1"] }, "endpoints"],
    [{ ports, endpoints: [] }, "endpoints undefined must hold at least one address"],
    [{ ports, endpoints: ["0.0.0.0"] }, 'endpoints "0.0.0.0" must not be an unspecified address'],
    [{ ports, endpoints: ["127.0.0.2"] }, 'endpoints "127.0.0.2" must not be a loopback address'],
    [{ ports, endpoints: ["::1"] }, 'endpoints "::1" must not be a loopback address'],
    [{ ports, endpoints: ["169.254.1.1"] }, 'endpoints "169.254.1.1" must not be a link-local address'],
    [{ ports, endpoints: ["fe80::1"] }, 'endpoints "fe80::1" must not be a link-local address'],
    [{ ports, endpoints: ["224.0.0.1"] }, 'endpoints "224.0.0.1" must not be a multicast address'],
    [{ ports, endpoints: ["192.0.2.1", "2001:db8::1"] }, "must be all IPv4 or all IPv6"],
    [
      { ports, sessionAffinity: { timeoutSeconds: 86_401 } },
      "sessionAffinity.timeoutSeconds 86401 must be from 1",
    ],
  ])("refuses %j", (args, problem) => {
    const problems = found(args);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

it("refuses the node port of another app, which the cluster gives to one Service", () => {
  const problems = new Problems("stack");
  checkNodePorts(
    [
      { key: "apps.api.nodePort", nodePort: 30_007 },
      { key: "apps.dns.nodePort", nodePort: 30_008 },
      { key: "apps.web.nodePort", nodePort: 30_007 },
    ],
    problems,
  );
  expect(problems.found).toEqual([
    { key: "apps.web.nodePort", value: 30_007, allowed: "is already taken by apps.api.nodePort" },
  ]);
});

it("compares external addresses with the nodes', and nothing else", () => {
  const problems = new Problems("service web");
  checkNodeAddresses(Exposure.externalIPs(["192.0.2.1", "192.0.2.2"]), ["192.0.2.2", "node"], problems);
  checkNodeAddresses(Exposure.nodePort(), ["192.0.2.2"], problems);
  expect(problems.found.map(({ value }) => value)).toEqual(["192.0.2.2"]);
});

it("names what clients in the cluster find a Service by", () => {
  expect(serviceDns("my-api", "shop")).toBe("my-api.shop.svc");
  expect(serviceVariables("my-api", { http: 80, "http-metrics": 9100 })).toEqual([
    "MY_API_SERVICE_HOST",
    "MY_API_SERVICE_PORT",
    "MY_API_SERVICE_PORT_HTTP",
    "MY_API_SERVICE_PORT_HTTP_METRICS",
  ]);
});
