import { describe, expect, it } from "vitest";

import { record } from "../mocks.ts";

const { Middleware, Route } = await import("../../../components/route/index.ts");
type RouteArgs = import("../../../components/route/index.ts").RouteArgs;

const stack = { project: "slipway", stack: "dev" };
const basic: RouteArgs = {
  stack,
  namespace: "shop",
  app: "api",
  traefik: { ingressClass: "slipway-dev" },
  hosts: ["a.test"],
  service: { name: "api", port: 80 },
};
const INGRESS_ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";
const labels = {
  "app.kubernetes.io/name": "api",
  "app.kubernetes.io/instance": "slipway-dev",
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};
const service = { name: "api", kind: "Service", port: 80 };

describe("an IngressRoute", () => {
  it("is exactly this for a host", async () => {
    const made = await record(() => new Route("api", basic));
    expect(made.resources.map((resource) => resource.type)).toEqual(["slipway:route:Route", INGRESS_ROUTE]);
    expect(made.one(INGRESS_ROUTE).inputs).toEqual({
      apiVersion: "traefik.io/v1alpha1",
      kind: "IngressRoute",
      metadata: { name: "api", namespace: "shop", labels },
      spec: {
        ingressClassName: "slipway-dev",
        entryPoints: ["web"],
        routes: [{ match: "Host(`a.test`)", kind: "Rule", services: [service] }],
      },
    });
  });

  it("strips its prefix after every other middleware", async () => {
    const made = await record(() => {
      const limit = new Middleware("limit", {
        traefik: { ingressClass: "slipway-dev" },
        stack,
        namespace: "shop",
        rateLimit: { average: 10 },
      });
      return new Route("api", { ...basic, path: "/api", stripPrefix: true, middlewares: [limit] });
    });
    expect(made.one(MIDDLEWARE, "api-strip-api-middleware").inputs).toEqual({
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: { name: "api-strip-api", namespace: "shop", labels },
      spec: { stripPrefix: { prefixes: ["/api"] } },
    });
    const route = made.one(INGRESS_ROUTE);
    expect(route.inputs.spec).toMatchObject({
      routes: [
        {
          match: "Host(`a.test`) && (Path(`/api`) || PathPrefix(`/api/`))",
          middlewares: [{ name: "limit" }, { name: "api-strip-api" }],
        },
      ],
    });
    expect(route.dependsOn).toEqual(expect.arrayContaining(["api-strip-api-middleware", "limit-middleware"]));
  });

  it("serves https and redirects http to the port clients reach", async () => {
    const tls = { secretName: "api-tls" };
    const made = await record(
      () => new Route("api", { ...basic, path: "/api", tls, redirectToHttps: 31_971 }),
    );
    expect(made.one(INGRESS_ROUTE, "api-route").inputs.spec).toMatchObject({
      entryPoints: ["websecure"],
      tls,
    });
    expect(made.one(MIDDLEWARE).inputs.spec).toEqual({
      redirectScheme: { scheme: "https", port: "31971", permanent: true },
    });
    const redirect = made.one(INGRESS_ROUTE, "api-redirect").inputs;
    expect(redirect.metadata).toMatchObject({ name: "api-redirect", namespace: "shop" });
    expect(redirect.spec).toEqual({
      ingressClassName: "slipway-dev",
      entryPoints: ["web"],
      routes: [
        {
          match: "Host(`a.test`) && (Path(`/api`) || PathPrefix(`/api/`))",
          kind: "Rule",
          middlewares: [{ name: "api-redirect" }],
          services: [service],
        },
      ],
    });
  });

  it("fans out by path and host, each rule taking what it leaves out from beside it", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          hosts: ["a.test", "b.test"],
          rules: [
            { path: "/v1", stripPrefix: true, service: { name: "v1", port: "http" } },
            { path: "/v2", pathType: "exact", priority: 7 },
          ],
        }),
    );
    const v1 = [{ name: "v1", kind: "Service", port: "http" }];
    const middlewares = [{ name: "api-strip-v1" }];
    expect(made.one(INGRESS_ROUTE).inputs.spec).toMatchObject({
      routes: [
        { match: "Host(`a.test`) && (Path(`/v1`) || PathPrefix(`/v1/`))", middlewares, services: v1 },
        { match: "Host(`b.test`) && (Path(`/v1`) || PathPrefix(`/v1/`))", middlewares, services: v1 },
        { match: "Host(`a.test`) && Path(`/v2`)", priority: 7, services: [service] },
        { match: "Host(`b.test`) && Path(`/v2`)", priority: 7, services: [service] },
      ],
    });
  });

  it("divides by weight, keeps clients by a cookie and speaks h2c", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          service: [
            { name: "v1", port: 80, weight: 3, sticky: true },
            { name: "v2", port: 80, weight: 1, scheme: "h2c", sticky: { name: "pod", sameSite: "lax" } },
            { name: "split", kind: "TraefikService" },
          ],
        }),
    );
    expect(made.one(INGRESS_ROUTE).inputs.spec).toMatchObject({
      routes: [
        {
          services: [
            { name: "v1", kind: "Service", port: 80, weight: 3, sticky: { cookie: {} } },
            {
              name: "v2",
              kind: "Service",
              port: 80,
              weight: 1,
              scheme: "h2c",
              sticky: { cookie: { name: "pod", sameSite: "lax" } },
            },
            { name: "split", kind: "TraefikService" },
          ],
        },
      ],
    });
  });

  it("may be changed by a transform", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          transform: {
            route: (args, opts) => ((opts.retainOnDelete = true), { ...args, kind: "IngressRoute" }),
          },
        }),
    );
    expect(made.one(INGRESS_ROUTE).retainOnDelete).toBe(true);
  });
});

describe("what is wrong is said all at once", () => {
  const message = async (args: Partial<RouteArgs>): Promise<string> => {
    const failed = record(() => new Route("api", { ...basic, ...args })).then(
      () => "nothing",
      (error: unknown) => (error as Error).message,
    );
    return (await failed).replace(/^route api:\n/, "");
  };

  it.each<[string, Partial<RouteArgs>, string]>([
    [
      "a path without its slash",
      { path: "api" },
      '  path: "api" must begin with "/" and have no space, "?" or "#"',
    ],
    [
      "a path of Traefik 2",
      { path: "/{id:[0-9]+}" },
      '  path: "/{id:[0-9]+}" {name:pattern} is no longer understood; use pathType "regex"',
    ],
    [
      "a host with a port",
      { hosts: ["a.test:80"] },
      '  hosts[0]: "a.test:80" must not have a port: a host is matched without it',
    ],
    [
      "a host in capitals",
      { hosts: ["A.test"] },
      '  hosts[0]: "A.test" must be a DNS name in lower case, with at most a leading *.',
    ],
    [
      "a method in small letters",
      { methods: ["get"] },
      '  methods[0]: "get" must be an HTTP method in capitals, as "GET"',
    ],
    [
      "an address that is none",
      { clientIps: ["10.0.0/8"] },
      '  clientIps[0]: "10.0.0/8" must be an address or a network in CIDR notation, as "10.0.0.0/8"',
    ],
    ["nothing to strip", { stripPrefix: true }, '  stripPrefix: true needs a path to strip, other than "/"'],
    [
      "a pattern to strip",
      { path: "^/v[0-9]", pathType: "regex", stripPrefix: true },
      "  stripPrefix: true needs a plain path; use a stripPrefixRegex middleware",
    ],
    [
      "a pattern that Go does not read",
      { path: "/(?!x)", pathType: "regex", headers: { v: { regex: "(" } } },
      '  path: "/(?!x)" must not look ahead or behind: Go\'s regular expressions cannot\n  headers.v.regex: "(" must be a regular expression',
    ],
    ["no service", { service: [] }, "  service: is required: a Service, or { name, port }"],
    ["no port", { service: { name: "api" } }, "  service.port: is required: a port number or name"],
    [
      "a port too high",
      { service: { name: "api", port: 70_000 } },
      "  service.port: 70000 must be from 1 to 65535",
    ],
    [
      "a port of a TraefikService",
      { service: { name: "split", kind: "TraefikService", port: 80 } },
      "  service.port: 80 belongs to the services below the TraefikService",
    ],
    [
      "weights of nothing",
      { service: [{ name: "a", port: 80, weight: 0 }] },
      "  service: [0] must leave at least one weight above 0",
    ],
    ["no Traefik", { traefik: undefined }, "  traefik: is required: the Traefik that serves it"],
    ["a redirect to nowhere", { redirectToHttps: 443 }, "  redirectToHttps: 443 needs tls to redirect to"],
    [
      "a rule beside its own conditions",
      { match: "Host(`b.test`)" },
      '  hosts: ["a.test"] belongs into match, which replaces it',
    ],
    [
      "two mistakes",
      { path: "api", priority: 0 },
      '  path: "api" must begin with "/" and have no space, "?" or "#"\n  priority: 0 must be a whole number of at least 1',
    ],
    [
      "a mistake in a rule",
      { rules: [{ path: "/a" }, { path: "b" }] },
      '  rules[1].path: "b" must begin with "/" and have no space, "?" or "#"',
    ],
  ])("%s", async (_name, args, expected) => {
    expect(await message(args)).toBe(expected);
  });
});
