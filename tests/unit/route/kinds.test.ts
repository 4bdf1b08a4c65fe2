import { describe, expect, it } from "vitest";

import { record } from "../mocks.ts";

const { Gateway, Middleware, Route } = await import("../../../components/route/index.ts");
type RouteArgs = import("../../../components/route/index.ts").RouteArgs;

const stack = { project: "slipway", stack: "dev" };
const shared = { stack, namespace: "shop", hosts: ["a.test"], service: { name: "api", port: 80 } };
const traefik = { ingressClass: "c" };
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";
const labels = {
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};
const backend = { service: { name: "api", port: { number: 80 } } };

describe("an Ingress", () => {
  const basic: RouteArgs = { ...shared, kind: "ingress", traefik: { ingressClass: "slipway-dev" } };

  it("is exactly this for a host over https", async () => {
    const made = await record(() => new Route("api", { ...basic, tls: { secretName: "api-tls" } }));
    expect(made.resources.map((resource) => resource.type)).toEqual(["slipway:route:Route", INGRESS]);
    expect(made.one(INGRESS).inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: "api",
        namespace: "shop",
        labels,
        annotations: {
          "pulumi.com/skipAwait": "true",
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          "traefik.ingress.kubernetes.io/router.tls": "true",
        },
      },
      spec: {
        ingressClassName: "slipway-dev",
        tls: [{ hosts: ["a.test"], secretName: "api-tls" }],
        rules: [{ host: "a.test", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    });
  });

  it("has each Secret of several with its hosts, of which a client chooses by SNI", async () => {
    const tls = [
      { hosts: ["a.test"], secretName: "a" },
      { hosts: ["*.b.test"], secretName: "b" },
    ];
    const hosts = ["a.test", "x.b.test"];
    for (const nginx of [undefined, { "ssl-redirect": false }]) {
      const made = await record(() => new Route("api", { ...basic, hosts, tls, nginx }));
      expect(made.one(INGRESS).inputs.spec).toMatchObject({ tls });
    }
  });

  it("fans out paths under each host", async () => {
    const v2 = { name: "v2", port: "http" };
    const rules = [{ path: "/v1/" }, { path: "/v2", service: v2 }, { hosts: ["b.test"] }];
    const made = await record(() => new Route("api", { ...basic, rules }));
    const path = (text: string): object => ({ path: text, pathType: "Prefix", backend });
    expect(made.one(INGRESS).inputs.spec).toEqual({
      ingressClassName: "slipway-dev",
      rules: [
        {
          host: "a.test",
          http: {
            paths: [
              path("/v1"),
              {
                path: "/v2",
                pathType: "Prefix",
                backend: { service: { name: "v2", port: { name: "http" } } },
              },
            ],
          },
        },
        { host: "b.test", http: { paths: [path("/")] } },
      ],
    });
  });

  it("keeps what needs annotations of its own in an object of its own", async () => {
    const rules = [
      { path: "/" },
      { path: "/exact", pathType: "exact" as const },
      { path: "/v[0-9]+", pathType: "regex" as const },
      { path: "/old", stripPrefix: true },
      { hosts: [] },
    ];
    const made = await record(() => new Route("api", { ...basic, rules }));
    const found = made.all(INGRESS).map(({ inputs }) => {
      const { metadata, spec } = inputs as {
        metadata: { name: string; annotations: Record<string, string> };
        spec: {
          rules?: { http: { paths: { path: string; pathType: string }[] } }[];
          defaultBackend?: object;
        };
      };
      const [path] = spec.rules?.[0]?.http.paths ?? [];
      const annotations = Object.entries(metadata.annotations)
        .filter(([key]) => !/skipAwait|entrypoints/.test(key))
        .map(([key, value]) => `${key.split("router.").at(-1) ?? ""}=${value}`);
      return [metadata.name, path?.pathType ?? spec.defaultBackend, path?.path, ...annotations];
    });
    expect(found.sort()).toEqual([
      ["api", "Prefix", "/"],
      ["api-default", backend, undefined],
      ["api-exact", "Exact", "/exact", "priority=10000"],
      ["api-regex", "ImplementationSpecific", "/v[0-9]+", "pathmatcher=PathRegexp"],
      ["api-strip-old", "Prefix", "/old", "middlewares=shop_api-strip-old@kubernetescrd"],
    ]);
  });

  it("names middlewares in order, and redirects to where clients reach https", async () => {
    const made = await record(() => {
      const limit = new Middleware("limit", {
        traefik,
        stack,
        namespace: "shop",
        rateLimit: { average: 10 },
      });
      return new Route("api", {
        ...basic,
        path: "/api",
        stripPrefix: true,
        middlewares: [limit, { name: "auth", namespace: "other" }],
        tls: { secretName: "api-tls", options: { name: "strict" } },
        redirectToHttps: 31_971,
      });
    });
    expect(made.one(INGRESS, "api-route").inputs.metadata).toMatchObject({
      name: "api",
      annotations: {
        "traefik.ingress.kubernetes.io/router.middlewares":
          "shop_limit@kubernetescrd,other_auth@kubernetescrd,shop_api-strip-api@kubernetescrd",
        "traefik.ingress.kubernetes.io/router.tls.options": "shop_strict@kubernetescrd",
      },
    });
    const redirect = made.one(INGRESS, "api-redirect").inputs;
    expect(redirect.metadata).toMatchObject({
      name: "api-redirect",
      annotations: {
        "traefik.ingress.kubernetes.io/router.entrypoints": "web",
        "traefik.ingress.kubernetes.io/router.middlewares": "shop_api-redirect@kubernetescrd",
      },
    });
    expect(redirect.spec).not.toHaveProperty("tls");
    expect(made.one(MIDDLEWARE, "api-redirect-middleware").inputs.spec).toEqual({
      redirectScheme: { scheme: "https", port: "31971", permanent: true },
    });
  });

  it("carries ingress-nginx's annotations", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          path: "/haha(/|$)(.*)",
          pathType: "regex",
          nginx: {
            "rewrite-target": "/$2",
            "use-regex": true,
            "cors-allow-origin": ["https://a.test", "https://b.test"],
          },
        }),
    );
    expect(made.one(INGRESS).inputs).toMatchObject({
      metadata: {
        name: "api",
        annotations: {
          "pulumi.com/skipAwait": "true",
          "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
          "nginx.ingress.kubernetes.io/use-regex": "true",
          "nginx.ingress.kubernetes.io/cors-allow-origin": "https://a.test,https://b.test",
        },
      },
      spec: {
        ingressClassName: "slipway-dev-nginx",
        rules: [{ http: { paths: [{ path: "/haha(/|$)(.*)", pathType: "ImplementationSpecific" }] } }],
      },
    });
    expect(made.one(INGRESS).inputs.metadata).not.toHaveProperty(
      "annotations.traefik.ingress.kubernetes.io/router.entrypoints",
    );
  });

  it("redirects beside ingress-nginx's annotations to the port that clients reach", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          tls: { secretName: "api-tls" },
          redirectToHttps: 31_971,
          nginx: { "proxy-body-size": "8m" },
        }),
    );
    expect(made.one(INGRESS, "api-route").inputs).toMatchObject({
      metadata: { annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "false" } },
      spec: { ingressClassName: "slipway-dev-nginx", tls: [{ secretName: "api-tls" }] },
    });
    const redirect = made.one(INGRESS, "api-redirect").inputs;
    expect(redirect).toMatchObject({
      metadata: {
        annotations: {
          "traefik.ingress.kubernetes.io/router.entrypoints": "web",
          "traefik.ingress.kubernetes.io/router.middlewares": "shop_api-redirect@kubernetescrd",
          "traefik.ingress.kubernetes.io/router.priority": "10000",
        },
      },
      spec: { ingressClassName: "slipway-dev" },
    });
  });
});

/** What the API server would add to the reference of a Gateway. */
const aGateway = { group: "gateway.networking.k8s.io", kind: "Gateway" };

describe("an HTTPRoute", () => {
  const basic: RouteArgs = { ...shared, kind: "httpRoute", gateway: { name: "gateway" } };

  it("is exactly this with conditions, a stripped prefix, filters and weights", async () => {
    const made = await record(
      () =>
        new Route("api", {
          ...basic,
          path: "/api/",
          methods: ["GET", "HEAD"],
          headers: { version: "2" },
          query: { q: { regex: "^x" } },
          stripPrefix: true,
          middlewares: [{ name: "limit" }],
          filters: [{ requestHeaders: { set: { "x-a": "1" }, remove: ["x-b"] } }],
          service: [
            { name: "v1", port: 80, weight: 3 },
            { name: "split", kind: "TraefikService", weight: 1 },
          ],
        }),
    );
    expect(made.resources.map((resource) => resource.type)).toEqual(["slipway:route:Route", HTTP_ROUTE]);
    const match = {
      path: { type: "PathPrefix", value: "/api" },
      headers: [{ type: "Exact", name: "version", value: "2" }],
      queryParams: [{ type: "RegularExpression", name: "q", value: "^x" }],
    };
    expect(made.one(HTTP_ROUTE).inputs).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "api", namespace: "shop", labels },
      spec: {
        parentRefs: [{ ...aGateway, name: "gateway", sectionName: "websecure" }],
        hostnames: ["a.test"],
        rules: [
          {
            matches: [
              { ...match, method: "GET" },
              { ...match, method: "HEAD" },
            ],
            filters: [
              {
                type: "ExtensionRef",
                extensionRef: { group: "traefik.io", kind: "Middleware", name: "limit" },
              },
              {
                type: "RequestHeaderModifier",
                requestHeaderModifier: { set: [{ name: "x-a", value: "1" }], remove: ["x-b"] },
              },
              {
                type: "URLRewrite",
                urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
              },
            ],
            backendRefs: [
              { group: "", kind: "Service", name: "v1", port: 80, weight: 3 },
              { group: "traefik.io", kind: "TraefikService", name: "split", weight: 1 },
            ],
          },
        ],
      },
    });
  });

  it("redirects by a filter, without a backend", async () => {
    const made = await record(() => new Route("api", { ...basic, redirectToHttps: 31_971 }));
    expect(made.one(HTTP_ROUTE, "api-redirect").inputs.spec).toEqual({
      parentRefs: [{ ...aGateway, name: "gateway", sectionName: "web" }],
      hostnames: ["a.test"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          filters: [
            { type: "RequestRedirect", requestRedirect: { scheme: "https", port: 31_971, statusCode: 301 } },
          ],
        },
      ],
    });
  });

  it("joins a Gateway made here, after it", async () => {
    const made = await record(() => {
      const gateway = new Gateway("gateway", {
        stack,
        namespace: "shop",
        traefik: { ...traefik, gatewayClass: "slipway-dev" },
        listeners: {
          web: { port: 8000 },
          websecure: {
            port: 8443,
            hostname: "*.a.test",
            tls: { secretName: "api-tls" },
            allowedRoutes: { labels: { "slipway.dev/stack": "dev" } },
          },
        },
      });
      return new Route("api", { ...basic, gateway });
    });
    expect(made.one("kubernetes:gateway.networking.k8s.io/v1:Gateway").inputs).toMatchObject({
      metadata: { name: "gateway", namespace: "shop", labels },
      spec: {
        gatewayClassName: "slipway-dev",
        listeners: [
          { name: "web", port: 8000, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
          {
            name: "websecure",
            port: 8443,
            protocol: "HTTPS",
            hostname: "*.a.test",
            tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: "api-tls" }] },
            allowedRoutes: {
              namespaces: { from: "Selector", selector: { matchLabels: { "slipway.dev/stack": "dev" } } },
            },
          },
        ],
      },
    });
    const route = made.one(HTTP_ROUTE);
    expect(route.inputs.spec).toMatchObject({ parentRefs: [{ name: "gateway", namespace: "shop" }] });
    expect(route.dependsOn).toContain("gateway-gateway");
  });
});

describe("what a kind cannot say is refused with the reason", () => {
  const message = async (args: Partial<RouteArgs>): Promise<string> => {
    const failed = record(() => new Route("api", { ...shared, ...args })).then(
      () => "nothing",
      (error: unknown) => (error as Error).message,
    );
    return (await failed).replace(/^(route api|api-route):\n {2}/, "");
  };
  const ingress = { kind: "ingress", traefik } as const;
  const httpRoute = { kind: "httpRoute", gateway: { name: "g" } } as const;
  const onlyPaths = "cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute";

  it.each<[string, Partial<RouteArgs>, string]>([
    [
      "an unknown kind",
      { kind: "ingres" as never, traefik },
      'kind: "ingres" must be one of: ingressRoute, ingress, httpRoute',
    ],
    [
      "Ingress: yesterday's class",
      { ...ingress, annotations: { "kubernetes.io/ingress.class": "traefik" } },
      'annotations.kubernetes.io/ingress.class: "traefik" is set by the route\'s own Traefik: leave it out',
    ],
    [
      "Ingress: an annotation of Traefik 1",
      { ...ingress, annotations: { "traefik.ingress.kubernetes.io/rule-type": "PathPrefixStrip" } },
      'annotations.traefik.ingress.kubernetes.io/rule-type: "PathPrefixStrip" is not read by Traefik 3, which drops an Ingress that has it',
    ],
    [
      "Ingress: an annotation of the Service",
      { ...ingress, annotations: { "traefik.ingress.kubernetes.io/service.sticky.cookie": "true" } },
      'annotations.traefik.ingress.kubernetes.io/service.sticky.cookie: "true" belongs to the Service, where Traefik reads it',
    ],
    [
      "IngressRoute: an annotation of an Ingress",
      { traefik, annotations: { "traefik.ingress.kubernetes.io/router.priority": "1" } },
      'annotations.traefik.ingress.kubernetes.io/router.priority: "1" is for kind ingress',
    ],
    [
      "an object of Traefik 2",
      {
        traefik,
        transform: { route: (args) => ({ ...args, apiVersion: "traefik.containo.us/v1alpha1" }) },
      },
      'apiVersion: "traefik.containo.us/v1alpha1" is called traefik.io/v1alpha1 since Traefik 3',
    ],
    ["Ingress: headers", { ...ingress, headers: { v: "2" } }, `headers: {"v":"2"} ${onlyPaths}`],
    ["Ingress: methods", { ...ingress, methods: ["GET"] }, `methods: ["GET"] ${onlyPaths}`],
    [
      "Ingress: weights",
      {
        ...ingress,
        service: [
          { name: "a", port: 80 },
          { name: "b", port: 80 },
        ],
      },
      'service: ["a","b"] must be one: an Ingress cannot divide; use kind ingressRoute or httpRoute, or nginx\'s canary',
    ],
    [
      "Ingress: a TraefikService",
      { ...ingress, service: { name: "a", kind: "TraefikService" } },
      'service.kind: "TraefikService" cannot be reached from an Ingress; use kind ingressRoute or httpRoute',
    ],
    [
      "Ingress: stickiness",
      { ...ingress, service: { name: "a", port: 80, sticky: true } },
      "service.sticky: true is an annotation of the Service for an Ingress, not of the route; use kind ingressRoute",
    ],
    [
      "Ingress: rules with different middlewares",
      { ...ingress, rules: [{ path: "/a" }, { path: "/b", middlewares: [{ name: "m" }] }] },
      "middlewares: must be the same for all rules of an Ingress, which holds them in one annotation; make a Route for each",
    ],
    [
      "nginx: stripPrefix",
      { ...ingress, nginx: {}, path: "/api", stripPrefix: true },
      'stripPrefix: true stands for a middleware; with nginx write path "/api(/|$)(.*)", pathType "regex" and rewrite-target "/$2"',
    ],
    [
      "nginx: middlewares",
      { ...ingress, nginx: {}, middlewares: [{ name: "m" }] },
      "middlewares: are not read beside nginx's annotations; use one of them, or kind ingressRoute",
    ],
    [
      "nginx: annotations of another kind of route",
      { traefik, nginx: { "app-root": "/x" } },
      "nginx: annotations are for kind ingress; use middlewares",
    ],
    [
      "nginx: two redirects",
      { ...ingress, nginx: { "ssl-redirect": true }, tls: { secretName: "s" }, redirectToHttps: 31_971 },
      "nginx.ssl-redirect: true leads to port 443; leave it out beside redirectToHttps",
    ],
    [
      "nginx: a redirect to nobody knows where",
      { ...ingress, nginx: {}, tls: { secretName: "s" } },
      'redirectToHttps: is required with nginx and tls: the port at which clients reach https; or say "ssl-redirect": false',
    ],
    [
      "nginx: annotations that nobody reads",
      { ...ingress, annotations: { "nginx.ingress.kubernetes.io/app-root": "/x" } },
      'annotations.nginx.ingress.kubernetes.io/app-root: "/x" is read only of a route with nginx: { "app-root": … }',
    ],
    [
      "nginx: a pattern that is not taken for one",
      { ...ingress, nginx: {}, path: "/a(.*)", pathType: "regex" },
      'pathType: "regex" needs "use-regex": true beside it in nginx',
    ],
    [
      "nginx: a plain path that looks like a pattern",
      { ...ingress, nginx: {}, path: "/a(.*)" },
      'path: "/a(.*)" needs pathType "regex" and "use-regex": true',
    ],
    [
      "Ingress: a pattern's beginning",
      { ...ingress, path: "^/a", pathType: "regex" },
      'path: "^/a" must begin with "/" in an Ingress; for "^" use kind ingressRoute',
    ],
    [
      "several Secrets in another kind",
      { traefik, tls: [{ hosts: ["a.test"], secretName: "s" }] },
      "tls: is a list for kind ingress alone: other kinds have one Secret; make a Route for each",
    ],
    [
      "Ingress: a host without a Secret",
      { ...ingress, hosts: ["a.test", "b.test"], tls: [{ hosts: ["a.test"], secretName: "s" }] },
      'tls: "b.test" has no Secret: Traefik would serve a certificate of its own',
    ],
    [
      "Ingress: a Secret for a host of nobody",
      {
        ...ingress,
        tls: [
          { hosts: ["a.test"], secretName: "s" },
          { hosts: ["b.test"], secretName: "t" },
        ],
      },
      'tls[1].hosts: "b.test" is no host of the route, which has: a.test',
    ],
    [
      "Ingress: two Secrets for a host",
      {
        ...ingress,
        tls: [
          { hosts: ["a.test"], secretName: "s" },
          { hosts: ["a.test"], secretName: "t" },
        ],
      },
      'tls[1]: "a.test" is named already',
    ],
    [
      "HTTPRoute: no Gateway",
      { kind: "httpRoute" },
      "gateway: is required: the Gateway whose listeners it joins",
    ],
    [
      "HTTPRoute: tls",
      { ...httpRoute, tls: { secretName: "s" } },
      "tls: belongs to the Gateway's listeners for an HTTPRoute",
    ],
    [
      "HTTPRoute: addresses",
      { ...httpRoute, clientIps: ["10.0.0.0/8"] },
      'clientIps: ["10.0.0.0/8"] cannot be asked by an HTTPRoute; use an ipAllowList middleware',
    ],
    [
      "HTTPRoute: priority",
      { ...httpRoute, priority: 5 },
      "priority: 5 cannot be given to an HTTPRoute, whose most specific match wins",
    ],
    [
      "HTTPRoute: rules of different hosts",
      { ...httpRoute, rules: [{}, { hosts: ["b.test"] }] },
      "hosts: must be the same for all rules of an HTTPRoute; make a Route for each",
    ],
    [
      "HTTPRoute: a scheme",
      { ...httpRoute, service: [{ name: "a", port: 80, scheme: "h2c" }] },
      'service[0].scheme: "h2c" cannot be said by an HTTPRoute; use kind ingressRoute, or a TraefikService behind it',
    ],
    [
      "HTTPRoute: a cookie",
      { ...httpRoute, service: { name: "a", port: 80, sticky: true } },
      "service.sticky: true cannot be said by an HTTPRoute; use kind ingressRoute, or a TraefikService behind it",
    ],
    [
      "IngressRoute: filters",
      { traefik, filters: [{ rewrite: { path: "/" } }] },
      "filters: are for kind httpRoute; use middlewares",
    ],
  ])("%s", async (_name, args, expected) => {
    expect(await message(args)).toBe(expected);
  });
});
