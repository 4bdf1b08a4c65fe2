import { App, Namespace, Route, Service, TraefikService } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { stack, namespace, config } = example;
const platform = example.platform();
const { traefik } = platform;
const v1 = run(example, "v1");
const v2 = run(example, "v2");
const echo = run(example, "echo", "fastapi");
const nobody = new Service("nobody", { namespace, target: "nobody", ports: { http: 80 } });

// Every fourth request to the new version.
const canary = new TraefikService("canary", {
  traefik,
  weighted: {
    services: [
      { service: v1, weight: config.getNumber("v1") ?? 3 },
      { service: v2, weight: config.getNumber("v2") ?? 1 },
    ],
  },
});
new Route("canary", { traefik, hosts: ["canary.test"], service: canary });

// One version, then both, then the other alone: the first goes once nothing leads to it.
const weights = config.getObject<Record<string, number>>("release") ?? { old: 1, new: 1 };
const release = new TraefikService("release", {
  traefik,
  weighted: {
    services: Object.entries(weights).map(([version, weight]) => ({
      service: run(example, version),
      weight,
    })),
  },
});
new Route("release", { traefik, hosts: ["release.test"], service: release });

// As `canary`, but a client stays with the version it met first.
const sticky = new TraefikService("sticky", {
  traefik,
  weighted: { services: [v1, v2], sticky: { name: "version", httpOnly: true, sameSite: "lax" } },
});
new Route("sticky", { traefik, hosts: ["sticky.test"], service: sticky });

// Without a cookie: a client stays with the version that its address leads to.
const address = new TraefikService("address", { traefik, highestRandomWeight: { services: [v1, v2] } });
new Route("address", { traefik, hosts: ["address.test"], service: address });

// Clients are answered by v1; FastAPI gets copies, and its answers go nowhere.
const mirror = new TraefikService("mirror", {
  traefik,
  mirroring: { service: v1, mirrors: [{ service: echo, percent: 100 }] },
});
new Route("mirror", { traefik, hosts: ["mirror.test"], service: mirror });

// FastAPI answers, and v1 where that fails.
const failover = new TraefikService("failover", {
  traefik,
  failover: { service: echo, fallback: v1, errors: { status: ["500-504"] } },
});
new Route("failover", { traefik, hosts: ["failover.test"], service: failover });

// No pods at all is an error like any other.
const rescue = new TraefikService("rescue", { traefik, failover: { service: nobody, fallback: v1 } });
new Route("rescue", { traefik, hosts: ["rescue.test"], service: rescue });

// An app whose next version takes over step by step: `canary` is set, raised to 100 and dropped.
const apps = new Namespace("apps", { objectName: `${stack.project}-${stack.stack}-apps` });
new App("shop", {
  platform,
  namespace: apps,
  image: example.image(config.get("image") ?? "nginx"),
  env: { APP_VERSION: config.get("version") ?? "1" },
  replicas: 2,
  port: 8080,
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  hosts: ["shop.test"],
  ...(config.getNumber("weight") !== undefined && {
    canary: { image: example.image("fastapi"), weight: config.requireNumber("weight") },
  }),
});

export const namespaceName = namespace.name;
