import { describe, expect, it } from "vitest";

import { objectOf, type StackObject } from "../../../../cli/objects/object.ts";
import { layoutOf } from "../../../../cli/topology/layout.ts";
import { mermaidOf } from "../../../../cli/topology/mermaid.ts";
import { reachOf } from "../../../../cli/topology/reach.ts";
import { ruleAddresses } from "../../../../cli/topology/rule.ts";
import { around } from "../../../../cli/topology/select.ts";
import { svgOf } from "../../../../cli/topology/svg.ts";
import { topologyOf } from "../../../../cli/topology/topology.ts";
import { previewOf, step } from "../review/preview.ts";

describe("the addresses of a rule", () => {
  it.each([
    ["Host(`a.test`)", ["a.test /"]],
    ["Host(`a.test`) && (Path(`/api`) || PathPrefix(`/api/`))", ["a.test /api"]],
    ["(Host(`a.test`) || Host(`b.test`)) && PathPrefix(`/x`)", ["a.test /x", "b.test /x"]],
    ["Host(`a.test`, `b.test`)", ["a.test /", "b.test /"]],
    ['Host("a.test") && !PathPrefix(`/private`) && Header(`x`, `(1)`)', ["a.test /"]],
    ["HostRegexp(`^.+\\.a\\.test$`) && PathRegexp(`^/v[0-9]+/`)", ["/^.+\\.a\\.test$/ ~/^/v[0-9]+//"]],
    ["PathPrefix(`/`)", ["* /"]],
    ["HostSNI(`*`)", ["* /"]],
    ["Host(`a.test`", []],
    ["", []],
  ])("%s are %j", (rule, expected) => {
    expect(ruleAddresses(rule).map(({ host, path }) => `${host} ${path}`)).toEqual(expected);
  });
});

/** Objects `shop/<name>` by kind. */
const objects = (
  ...made: readonly (readonly [kind: string, name: string, body: object])[]
): readonly StackObject[] =>
  previewOf(
    ...made.map(([kind, name, body]) => step("create", kind, undefined, { metadata: { name }, ...body })),
  ).steps.flatMap((each) => (each.after === undefined ? [] : [objectOf(each, each.after)]));

const workload = (app: string, container: object = {}) => ({
  spec: { template: { metadata: { labels: { app } }, spec: { containers: [{ name: app, ...container }] } } },
});
const service = (app: string, spec: object = {}) => ({
  spec: { selector: { app }, ports: [{ name: "http", port: 80 }], ...spec },
});
const urlsOf = (all: readonly StackObject[]) => topologyOf(all).paths.flatMap(({ urls }) => urls);

describe("URLs", () => {
  const route = (spec: object) =>
    [
      "IngressRoute",
      "r",
      { spec: { routes: [{ match: "Host(`a.test`)", services: [] }], ...spec } },
    ] as const;
  const traefik = [
    "Deployment",
    "traefik",
    workload("traefik", {
      args: ["--entryPoints.websecure.address=:8443/tcp", "--entryPoints.websecure.http.tls=true"],
    }),
  ] as const;
  const ports = (type: string) =>
    [
      "Service",
      "traefik",
      service("traefik", { type, ports: [{ name: "websecure", port: 443, nodePort: 31971 }] }),
    ] as const;

  it("have the port that clients connect to", () => {
    expect(urlsOf(objects(route({ entryPoints: ["websecure"] }), traefik, ports("NodePort")))).toEqual([
      "https://a.test:31971",
    ]);
    expect(urlsOf(objects(route({ entryPoints: ["websecure"] }), traefik, ports("LoadBalancer")))).toEqual([
      "https://a.test",
    ]);
  });

  it("go by TLS and the entry point's name where the proxy is another stack's", () => {
    expect(urlsOf(objects(route({ entryPoints: ["web"] })))).toEqual(["http://a.test"]);
    expect(urlsOf(objects(route({ tls: {} })))).toEqual(["https://a.test"]);
  });

  it("are those of an Ingress", () => {
    const paths = [{ path: "/a", backend: { service: { name: "s", port: { number: 80 } } } }];
    const spec = {
      tls: [{ hosts: ["a.test"] }],
      rules: [
        { host: "a.test", http: { paths } },
        { host: "b.test", http: { paths } },
      ],
    };
    expect(urlsOf(objects(["Ingress", "i", { spec }]))).toEqual(["https://a.test/a", "http://b.test/a"]);
  });

  it("are those of an HTTPRoute and its Gateway's listeners", () => {
    const gateway = {
      spec: {
        listeners: [
          { name: "web", port: 8000, protocol: "HTTP" },
          { name: "secure", port: 8443, protocol: "HTTPS", hostname: "a.test" },
        ],
      },
    };
    const httpRoute = (reference: object) => ({
      spec: {
        parentRefs: [{ name: "g", ...reference }],
        rules: [{ matches: [{ path: { value: "/x" } }], backendRefs: [{ name: "s", port: 80 }] }],
      },
    });
    expect(
      urlsOf(objects(["Gateway", "g", gateway], ["HTTPRoute", "h", httpRoute({ sectionName: "secure" })])),
    ).toEqual(["https://a.test:8443/x"]);
  });
});

const shop = objects(
  [
    "IngressRoute",
    "shop",
    {
      spec: {
        entryPoints: ["web"],
        tls: { secretName: "cert" },
        routes: [
          {
            match: "Host(`a.test`)",
            middlewares: [{ name: "login" }],
            services: [{ kind: "TraefikService", name: "canary" }],
          },
        ],
      },
    },
  ],
  ["Middleware", "login", { spec: { basicAuth: { secret: "users" } } }],
  [
    "TraefikService",
    "canary",
    {
      spec: {
        weighted: {
          services: [
            { name: "old", port: 80 },
            { name: "new", port: 80 },
          ],
        },
      },
    },
  ],
  ["Service", "old", service("old")],
  ["Service", "new", service("new")],
  ["Deployment", "old", workload("old")],
  ["Deployment", "new", workload("new", { envFrom: [{ secretRef: { name: "token" } }] })],
  ["Service", "db", service("db", { type: "NodePort", ports: [{ port: 5432, nodePort: 30432 }] })],
);
const topology = topologyOf(shop);

it("leads from hosts over routes, middlewares and shared Services to pods", () => {
  expect(topology.edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    "https://a.test → IngressRoute shop/shop",
    "IngressRoute shop/shop → Middleware shop/login",
    "Middleware shop/login → TraefikService shop/canary",
    "TraefikService shop/canary → Service shop/old",
    "Service shop/old → Deployment shop/old",
    "TraefikService shop/canary → Service shop/new",
    "Service shop/new → Deployment shop/new",
    "any node:30432/tcp → Service shop/db",
  ]);
});

it("knows which URLs are behind whatever is on the way, and what that reads", () => {
  const reach = reachOf(shop, topology);
  for (const title of [
    "Secret shop/token",
    "Secret shop/users",
    "Secret shop/cert",
    "Deployment shop/old",
    "Middleware shop/login",
  ]) {
    expect([title, [...(reach.get(title) ?? [])]]).toEqual([title, ["https://a.test"]]);
  }
  expect([...(reach.get("Namespace shop") ?? [])]).toEqual(["https://a.test", "any node:30432/tcp"]);
});

it("keeps of a picture what is before and after some boxes", () => {
  const picture = around(topology, new Set(["Service shop/new"]));
  expect(picture.nodes.map(({ id }) => id).sort()).toEqual([
    "Deployment shop/new",
    "IngressRoute shop/shop",
    "Middleware shop/login",
    "Service shop/new",
    "TraefikService shop/canary",
    "https://a.test",
  ]);
});

it("is Mermaid that nothing an object is called can break", () => {
  const text = mermaidOf(
    { nodes: [{ id: "x", kind: "host", namespace: "", label: 'a"b`]-->c' }], edges: [] },
    new Map([["x", "delete"]]),
  );
  expect(text.split("\n").slice(0, 2)).toEqual(["flowchart LR", '  n0(["a#34;b#96;#93;--#62;c"]):::delete']);
});

it("has a column for each kind, over all of the picture", async () => {
  // One way with a middleware and one without, and nothing between the two.
  const nodes = ["a", "b"].flatMap((name) =>
    (["host", "route", "middleware", "service", "workload"] as const)
      .filter((kind) => name === "a" || kind !== "middleware")
      .map((kind) => ({
        id: `${kind} ${name}`,
        kind,
        namespace: "",
        label: `${kind} ${name.repeat(name === "a" ? 1 : 20)}`,
      })),
  );
  const edges = nodes.flatMap(({ id }, index) => {
    const next = nodes[index + 1];
    return next === undefined || next.kind === "host" ? [] : [{ from: id, to: next.id, label: "" }];
  });
  const { boxes } = await layoutOf({ nodes, edges });
  const of = (kind: string) => boxes.filter((box) => box.kind === kind);
  for (const [kind, next] of [
    ["host", "route"],
    ["route", "middleware"],
    ["middleware", "service"],
    ["service", "workload"],
  ] as const) {
    const end = Math.max(...of(kind).map(({ x, width }) => x + width));
    expect(end, `${kind} before ${next}`).toBeLessThan(Math.min(...of(next).map(({ x }) => x)));
  }
});

it("is SVG with each box once, none over another", async () => {
  const svg = await svgOf(topology);
  const boxes = [
    ...svg.matchAll(/<rect class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
  ].map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number]);
  expect(boxes).toHaveLength(topology.nodes.length);
  for (const [index, [x, y, width, height]] of boxes.entries()) {
    for (const [otherX, otherY, otherWidth, otherHeight] of boxes.slice(index + 1)) {
      const apart =
        x + width <= otherX || otherX + otherWidth <= x || y + height <= otherY || otherY + otherHeight <= y;
      expect(apart).toBe(true);
    }
  }
});
