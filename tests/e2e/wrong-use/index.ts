import * as pulumi from "@pulumi/pulumi";

import {
  CronJob,
  Deployment,
  Exposure,
  HorizontalPodAutoscaler,
  MetalLB,
  Middleware,
  PodDisruptionBudget,
  Route,
  type RouteArgs,
  Service,
  type ServiceArgs,
  TraefikService,
} from "../../../components/index.ts";

const place = {
  stack: { project: pulumi.getProject(), stack: pulumi.getStack() },
  namespace: "wrong-use",
};
const traefik = { ingressClass: "shop" };
const image = "registry.example/web:1";
const web = { name: "web", port: 80 };
const half = [
  { ...web, weight: 1 },
  { ...web, name: "web-next", weight: 1 },
];

const pods = new Deployment("api", { ...place, image, ports: { http: 8080 } });
const api = new Service("api", { target: pods, ports: { http: 80 } });

const service = (name: string, args: Partial<ServiceArgs>) =>
  new Service(name, { ...place, ports: { http: 80 }, ...args });
const route = (name: string, args: Partial<RouteArgs>) =>
  new Route(name, { ...place, hosts: ["shop.test"], service: web, traefik, ...args });

const mistakes: readonly (() => object)[] = [
  () => service("elsewhere", { endpoints: ["127.0.0.1", "169.254.169.254", "224.0.0.1", "example.com"] }),
  () => service("families", { endpoints: ["192.0.2.1", "2001:db8::1"] }),
  () => service("external", { target: "web", exposure: Exposure.externalIPs(["127.0.0.1", "fe80::1"]) }),
  () => service("alias", { exposure: Exposure.externalName("192.0.2.1") }),
  () =>
    new MetalLB("metallb", {
      ...place,
      pools: {
        one: { addresses: ["192.0.2.9-192.0.2.1", "192.0.2.0/28"] },
        other: { addresses: ["192.0.2.15-192.0.2.20"] },
      },
    }),
  () => new Service("metrics", { target: pods, ports: { metrics: 9100 } }),
  () => route("other-port", { service: { service: api, port: 9100 } }),
  () => new CronJob("report", { ...place, image, schedule: "0 24 * * *", timeZone: "Middle/Earth" }),
  () =>
    new PodDisruptionBudget("web", {
      ...place,
      target: { ...place, selector: {}, replicas: 2 },
      minAvailable: 2,
    }),
  () => {
    const target = new Deployment("web", { ...place, image, replicas: 2 });
    return new HorizontalPodAutoscaler("web", { target, minReplicas: 3, maxReplicas: 2 });
  },
  () =>
    route("ingress-route", {
      filters: [{ requestHeaders: { remove: ["x"] } }],
      gateway: { name: "gateway" },
      nginx: { "use-regex": true },
    }),
  () =>
    route("ingress", {
      kind: "ingress",
      headers: { version: "2" },
      query: { version: "2" },
      methods: ["GET"],
      clientIps: ["10.0.0.0/8"],
      service: half,
    }),
  () =>
    route("http-route", {
      kind: "httpRoute",
      priority: 5,
      clientIps: ["10.0.0.0/8"],
      tls: { secretName: "shop-tls" },
      service: { ...web, sticky: true },
    }),
  () =>
    route("from-nginx", {
      kind: "ingress",
      nginx: { "canary-by-header-value": "2" },
      annotations: {
        "nginx.ingress.kubernetes.io/configuration-snippet": "return 200;",
        "nginx.ingress.kubernetes.io/limit-rate": "1",
      },
    }),
  () =>
    route("from-traefik-1", { kind: "ingress", annotations: { "kubernetes.io/ingress.class": "traefik" } }),
  () =>
    new TraefikService("split", {
      ...place,
      traefik,
      weighted: { services: half.map((ref, index) => ({ ...ref, weight: index - 0.5 })) },
    }),
  () => new Middleware("login", { ...place, traefik, basicAuth: { users: {} } }),
];

// Each by itself, so that one does not keep the next from being told.
for (const mistake of mistakes) void Promise.resolve().then(mistake);
