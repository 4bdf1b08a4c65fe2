import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";

import {
  Gateway,
  Middleware,
  Route,
  TcpRoute,
  TraefikService,
  UdpRoute,
} from "../../../components/route/index.ts";
import { Namespace } from "../../../components/platform/index.ts";
import { placeOfRoute } from "../../../components/route/resource.ts";
import { Service } from "../../../components/service/index.ts";
import { Traefik } from "../../../components/traefik/index.ts";
import { Deployment, StatefulSet } from "../../../components/workload/index.ts";
import { record, type Recording, refusal } from "../mocks.ts";

const INGRESS_ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";

/** What a route refers to. */
function parts() {
  const traefik = new Traefik("traefik", {
    providers: { kubernetesGateway: true },
    service: { type: "NodePort" },
    web: { nodePort: 30_350 },
    websecure: { nodePort: 31_971 },
  });
  const pods = new Deployment("api", {
    namespace: "shop",
    image: "registry.example/api:1",
    ports: { http: 8080, metrics: 9100, dns: { port: 5353, protocol: "UDP" } },
  });
  const api = new Service("api", {
    target: pods,
    ports: { dns: { port: 53, protocol: "UDP" }, http: 80, metrics: 9100 },
  });
  return { traefik, api };
}

const make = (program: (given: ReturnType<typeof parts>) => unknown): Promise<Recording<unknown>> =>
  record(() => program(parts()));

const refused = (program: (given: ReturnType<typeof parts>) => unknown): Promise<string> =>
  refusal(() => program(parts()));

const specOf = (made: Recording<unknown>, kind: string) =>
  made.one(`kubernetes:traefik.io/v1alpha1:${kind}`, "web-route").inputs["spec"];

describe("a Route", () => {
  const made = () =>
    make(({ traefik, api }) => new Route("web", { traefik, hosts: ["a.test"], service: api }));

  it("takes class, namespace, and the first TCP port", async () => {
    expect((await made()).one(INGRESS_ROUTE, "web-route").inputs).toMatchObject({
      metadata: { name: "web", namespace: "shop", labels: { "slipway.dev/stack": "test" } },
      spec: {
        ingressClassName: "slipway-test",
        routes: [{ services: [{ name: "api", kind: "Service", port: 80 }] }],
      },
    });
  });

  it("is made after Traefik, the Service and its pods, and so deleted before them", async () => {
    const all = await made();
    expect(all.one(INGRESS_ROUTE, "web-route").dependsOn).toEqual(["api", "api"]);
    expect(all.one("slipway:route:Route").dependsOn).toEqual(
      expect.arrayContaining(["traefik-crds", "traefik-chart"]),
    );
  });

  it("names a port, a share and the way of a Service", async () => {
    const all = await make(
      ({ traefik, api }) =>
        new Route("web", {
          traefik,
          service: [
            { service: api, port: "metrics", weight: 3, sticky: true },
            { name: "elsewhere", port: 8080 },
          ],
        }),
    );
    expect(specOf(all, "IngressRoute")).toMatchObject({
      routes: [
        {
          services: [
            { name: "api", port: "metrics", weight: 3, sticky: { cookie: {} } },
            { name: "elsewhere", port: 8080 },
          ],
        },
      ],
    });
  });

  it("leads to a TraefikService, whose namespace is that of its Services", async () => {
    const all = await make(({ traefik, api }) => {
      const split = new TraefikService("split", { traefik, weighted: { services: [api] } });
      return new Route("web", { traefik, service: split });
    });
    expect(specOf(all, "IngressRoute")).toMatchObject({
      routes: [{ services: [{ name: "split", kind: "TraefikService" }] }],
    });
    const split = all.one("kubernetes:traefik.io/v1alpha1:TraefikService");
    expect(split.inputs["metadata"]).toMatchObject({ namespace: "shop" });
    expect(split.dependsOn).toEqual(["api", "api"]);
  });

  const has = "must be a TCP port of the Service, which has: dns (53/UDP), http (80/TCP), metrics (9100/TCP)";
  it.each([
    ["a number it does not have", 8080, `service.port: 8080 ${has}`],
    ["a name it does not have", "web", `service.port: "web" ${has}`],
    ["a port of UDP", "dns", `service.port: "dns" ${has}`],
  ])("refuses %s", async (_name, port, expected) => {
    const message = await refused(
      ({ traefik, api }) => new Route("web", { traefik, service: { service: api, port } }),
    );
    expect(message).toBe(`route web:\n  ${expected}`);
  });

  it("wants a namespace where all Services are made elsewhere", async () => {
    const message = await refused(
      ({ traefik }) => new Route("web", { traefik, service: { name: "api", port: 80 } }),
    );
    expect(message).toBe("route web:\n  namespace: is required where no Service is a component");
  });
});

describe("every other object of Traefik's", () => {
  it("takes the first port of its protocol", async () => {
    const tcp = await make(
      ({ traefik, api }) => new TcpRoute("web", { traefik, entryPoints: ["db"], service: api }),
    );
    expect(specOf(tcp, "IngressRouteTCP")).toMatchObject({
      routes: [{ services: [{ name: "api", port: 80 }] }],
    });
    const udp = await make(
      ({ traefik, api }) => new UdpRoute("web", { traefik, entryPoints: ["dns"], service: api }),
    );
    expect(specOf(udp, "IngressRouteUDP")).toEqual({
      ingressClassName: "slipway-test",
      entryPoints: ["dns"],
      routes: [{ services: [{ name: "api", port: 53 }] }],
    });
  });

  it("refuses a port of the other protocol", async () => {
    const program = ({ traefik, api }: ReturnType<typeof parts>) =>
      new UdpRoute("web", { traefik, entryPoints: ["dns"], service: { service: api, port: "http" } });
    expect(await refused(program)).toContain('service.port: "http" must be a UDP port of the Service');
  });

  it("is deleted before the CRDs of the Traefik it is given", async () => {
    const all = await make(
      ({ traefik }) => new Middleware("step", { traefik, namespace: "shop", compress: {} }),
    );
    expect(all.one("kubernetes:traefik.io/v1alpha1:Middleware").dependsOn).toContain("traefik-crds");
  });

  it("listens where Traefik does, by the names of its entry points", async () => {
    const all = await make(
      ({ traefik }) => new Gateway("web", { traefik, namespace: "shop", listeners: { web: {} } }),
    );
    expect(all.one("kubernetes:gateway.networking.k8s.io/v1:Gateway").inputs["spec"]).toMatchObject({
      gatewayClassName: "slipway-test",
      listeners: [{ name: "web", port: 8000 }],
    });
  });
});

it("a StatefulSet is a target, too", async () => {
  const made = await record(() => {
    const db = new StatefulSet("db", {
      namespace: "shop",
      image: "registry.example/db:1",
      ports: { sql: 5432 },
    });
    return new Service("db", { target: db, ports: { sql: 5432 } });
  });
  expect(made.one("kubernetes:core/v1:Service", "db").inputs["spec"]).toMatchObject({
    selector: { "app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "slipway-test" },
  });
});

/** What is rejected while a program runs; each output of Pulumi rejects several promises, which nobody handles. */
async function rejections(program: () => unknown): Promise<unknown[]> {
  const found: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => found.push(error));
  try {
    program();
    await vi.waitFor(() => {
      expect(found).not.toEqual([]);
    });
    await new Promise(setImmediate);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
  return found;
}

describe("a namespace", () => {
  const places = (make: (namespace: string | Namespace, service: Service) => unknown) => () =>
    refusal(() => {
      const service = new Service("api", {
        namespace: "shop",
        selector: { app: "api" },
        ports: { http: 80 },
      });
      make("other", service);
    });
  const traefik = { ingressClass: "lab" };
  const words = 'namespace: "other" must be that of its Services, "shop": Traefik finds them nowhere else';

  it.each([
    ["a Route", places((namespace, service) => new Route("web", { traefik, namespace, service }))],
    [
      "a TraefikService",
      places(
        (namespace, service) =>
          new TraefikService("web", { traefik, namespace, weighted: { services: [service] } }),
      ),
    ],
    [
      "a TcpRoute",
      places(
        (namespace, service) => new TcpRoute("web", { traefik, namespace, entryPoints: ["db"], service }),
      ),
    ],
  ])("of %s has to be that of the Services it leads to", async (_, message) => {
    expect(await message()).toContain(words);
  });

  it("that is known later is refused then", async () => {
    const [own, other] = ["other", "shop"].map((name) => pulumi.output(Promise.resolve(name)));
    const { namespace } = placeOfRoute({ stack: { project: "p", stack: "s" }, namespace: own }, [
      { stack: { project: "p", stack: "s" }, namespace: other ?? "" },
    ]);
    const errors = await rejections(() => pulumi.output(namespace).apply(() => undefined));
    expect(errors.join()).toContain(words);
  });

  it("of the Services' own Namespace component is taken as it is", async () => {
    const made = await record(() => {
      const namespace = new Namespace("shop");
      const target = new Deployment("api", { namespace, image: "x:1", ports: { http: 8080 } });
      return new Route("web", {
        traefik,
        namespace,
        service: new Service("api", { target, ports: { http: 80 } }),
      });
    });
    expect(made.one(INGRESS_ROUTE, "web-route").inputs).toMatchObject({ metadata: { namespace: "shop" } });
  });
});

describe("a headless Service", () => {
  const target = () => new Deployment("api", { namespace: "shop", image: "x:1", ports: { http: 8080 } });
  const exposure = { kind: "headless" } as const;
  const traefik = { ingressClass: "lab" };

  it("whose port no container has is not routed to", async () => {
    const message = await refusal(
      () =>
        new Route("web", {
          traefik,
          service: new Service("api", { target: target(), exposure, ports: { http: 80 } }),
        }),
    );
    expect(message).toContain(
      "service.port: 80 leads to port 80 of the pods, which have: http (8080); give the headless Service a targetPort",
    );
  });

  it.each([{ http: { port: 80, targetPort: "http" } }, { http: 8080 }])("with %j is", async (ports) => {
    const made = await record(
      () => new Route("web", { traefik, service: new Service("api", { target: target(), exposure, ports }) }),
    );
    expect(made.all(INGRESS_ROUTE)).toHaveLength(1);
  });
});
