import { describe, expect, it } from "vitest";

import { record } from "../mocks.ts";

const { Route, TcpMiddleware, TcpRoute, TraefikService, UdpRoute } =
  await import("../../../components/route/index.ts");
type TraefikServiceArgs = import("../../../components/route/index.ts").TraefikServiceArgs;
type TcpRouteArgs = import("../../../components/route/index.ts").TcpRouteArgs;

const place = {
  traefik: { ingressClass: "c" },
  stack: { project: "slipway", stack: "dev" },
  namespace: "shop",
};
const v1 = { name: "v1", port: 80 };
const v2 = { name: "v2", port: 80 };
const type = (kind: string): string => `kubernetes:traefik.io/v1alpha1:${kind}`;

const messageOf = async (program: () => unknown): Promise<string> =>
  record(program).then(
    () => "nothing",
    (error: unknown) => (error as Error).message.split("\n").slice(1).join("\n").trim(),
  );

describe("a TraefikService", () => {
  it.each<[string, Partial<TraefikServiceArgs>, object]>([
    [
      "divides 3 : 1 and keeps clients by a cookie",
      {
        weighted: {
          services: [
            { ...v1, weight: 3 },
            { ...v2, weight: 1 },
          ],
          sticky: { name: "version" },
        },
      },
      {
        weighted: {
          services: [
            { name: "v1", kind: "Service", port: 80, weight: 3 },
            { name: "v2", kind: "Service", port: 80, weight: 1 },
          ],
          sticky: { cookie: { name: "version" } },
        },
      },
    ],
    [
      "divides by address",
      { highestRandomWeight: { services: [v1] } },
      { highestRandomWeight: { services: [{ name: "v1", kind: "Service", port: 80 }] } },
    ],
    [
      "sends copies",
      { mirroring: { service: v1, mirrors: [{ ...v2, percent: 50 }], maxBodySize: 1024 } },
      {
        mirroring: {
          name: "v1",
          kind: "Service",
          port: 80,
          maxBodySize: 1024,
          mirrors: [{ name: "v2", kind: "Service", port: 80, percent: 50 }],
        },
      },
    ],
    [
      "falls back on what Traefik says of pods that are not there",
      { failover: { service: v1, fallback: v2 } },
      {
        failover: {
          service: { name: "v1", kind: "Service", port: 80 },
          fallback: { name: "v2", kind: "Service", port: 80 },
          errors: { status: ["502-504"] },
        },
      },
    ],
  ])("%s", async (_name, args, spec) => {
    const made = await record(() => new TraefikService("split", { ...place, ...args }));
    expect(made.one(type("TraefikService")).inputs).toMatchObject({
      metadata: { name: "split", namespace: "shop", labels: { "slipway.dev/stack": "dev" } },
    });
    expect(made.one(type("TraefikService")).inputs.spec).toEqual(spec);
  });

  it("is named by a route like a Service, and is there before it", async () => {
    const made = await record(() => {
      const service = new TraefikService("split", { ...place, weighted: { services: [v1, v2] } });
      return new Route("shop", { ...place, hosts: ["a.test"], service });
    });
    const route = made.one(type("IngressRoute"));
    expect(route.inputs.spec).toMatchObject({
      routes: [{ services: [{ name: "split", kind: "TraefikService" }] }],
    });
    expect(route.dependsOn).toContain("split-service");
  });

  it.each<[string, Partial<TraefikServiceArgs>, string]>([
    ["none", {}, "kind: must be one of: weighted, highestRandomWeight, mirroring, failover"],
    [
      "two",
      { weighted: { services: [v1] }, failover: { service: v1, fallback: v2 } },
      'kind: ["weighted","failover"] must be one of: weighted, highestRandomWeight, mirroring, failover',
    ],
    ["no services", { weighted: { services: [] } }, "weighted.services: must hold at least one service"],
    [
      "a negative weight",
      { weighted: { services: [{ ...v1, weight: -1 }] } },
      "weighted.services[0].weight: -1 must be a whole number of at least 0",
    ],
    [
      "no share of copies",
      { mirroring: { service: v1, mirrors: [{ ...v2, percent: 0 }] } },
      "mirroring.mirrors[0].percent: 0 must be from 1 to 100",
    ],
    [
      "no error",
      { failover: { service: v1, fallback: v2, errors: { status: [] } } },
      "failover.errors.status: [] must hold at least one code: without any, nothing leads to the fallback",
    ],
  ])("refuses %s", async (_name, args, expected) => {
    expect(await messageOf(() => new TraefikService("split", { ...place, ...args }))).toBe(expected);
  });
});

describe("a TcpRoute", () => {
  const basic: TcpRouteArgs = {
    ...place,
    entryPoints: ["db"],
    service: { name: "db", port: 5432 },
  };

  it.each<[string, Partial<TcpRouteArgs>, object]>([
    [
      "takes every connection",
      {},
      { routes: [{ match: "HostSNI(`*`)", services: [{ name: "db", port: 5432 }] }] },
    ],
    [
      "passes TLS through by name",
      { sni: ["a.test", "b.test"], tls: { passthrough: true } },
      { routes: [{ match: "(HostSNI(`a.test`) || HostSNI(`b.test`))" }], tls: { passthrough: true } },
    ],
    [
      "ends TLS",
      { sni: ["a.test"], tls: { secretName: "s", options: { name: "strict" } } },
      { routes: [{ match: "HostSNI(`a.test`)" }], tls: { secretName: "s", options: { name: "strict" } } },
    ],
    [
      "asks for addresses and divides by weight",
      {
        clientIps: ["10.0.0.0/8"],
        service: [
          { name: "a", port: 1, weight: 3 },
          { name: "b", port: "db" },
        ],
      },
      {
        routes: [
          {
            match: "HostSNI(`*`) && ClientIP(`10.0.0.0/8`)",
            services: [
              { name: "a", port: 1, weight: 3 },
              { name: "b", port: "db" },
            ],
          },
        ],
      },
    ],
  ])("%s", async (_name, args, spec) => {
    const made = await record(() => new TcpRoute("db", { ...basic, ...args }));
    expect(made.one(type("IngressRouteTCP")).inputs).toMatchObject({
      metadata: { name: "db", namespace: "shop" },
      spec: { ingressClassName: "c", entryPoints: ["db"], ...spec },
    });
  });

  it("goes through middlewares of its own", async () => {
    const made = await record(() => {
      const few = new TcpMiddleware("few", { ...place, inFlightConn: { amount: 10 } });
      return new TcpRoute("db", { ...basic, middlewares: [few] });
    });
    expect(made.one(type("MiddlewareTCP")).inputs.spec).toEqual({ inFlightConn: { amount: 10 } });
    const route = made.one(type("IngressRouteTCP"));
    expect(route.inputs.spec).toMatchObject({ routes: [{ middlewares: [{ name: "few" }] }] });
    expect(route.dependsOn).toContain("few-middleware");
  });

  it.each<[string, Partial<TcpRouteArgs>, string]>([
    [
      "a name without tls",
      { sni: ["a.test"] },
      'sni: ["a.test"] needs tls: a plain TCP connection says no name',
    ],
    [
      "every entry point",
      { entryPoints: [] },
      "entryPoints: must name at least one entry point: on all of them it would take what other routes serve",
    ],
    [
      "a name that is none",
      { sni: ["A"], tls: { passthrough: true } },
      'sni[0]: "A" must be a DNS name in lower case, or *',
    ],
    ["no service", { service: [] }, "service: is required: a Service, or { name, port }"],
  ])("refuses %s", async (_name, args, expected) => {
    expect(await messageOf(() => new TcpRoute("db", { ...basic, ...args }))).toBe(expected);
  });
});

it("a UdpRoute is exactly this", async () => {
  const made = await record(
    () =>
      new UdpRoute("dns", {
        ...place,
        entryPoints: ["dns"],
        service: { name: "dns", port: 53 },
      }),
  );
  expect(made.one(type("IngressRouteUDP")).inputs.spec).toEqual({
    ingressClassName: "c",
    entryPoints: ["dns"],
    routes: [{ services: [{ name: "dns", port: 53 }] }],
  });
});
