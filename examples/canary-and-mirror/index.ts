import { App, Namespace, Route, Service, TraefikService } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { stack, namespace, config } = example;
const platform = example.platform();
const v1 = run(example, "v1");
const v2 = run(example, "v2");
const echo = run(example, "echo", "fastapi");
const nobody = new Service("nobody", { stack, namespace, app: "nobody", ports: { http: 80 } });

const place = { stack, namespace };
const shared = { ...place, ingressClass: platform.ingressClass };
const opts = { dependsOn: platform };

// Every fourth request to the new version.
const canary = new TraefikService(
  "canary",
  {
    ...place,
    weighted: {
      services: [
        { ...v1, weight: config.getNumber("v1") ?? 3 },
        { ...v2, weight: config.getNumber("v2") ?? 1 },
      ],
    },
  },
  opts,
);
new Route("canary", { ...shared, hosts: ["canary.test"], service: canary }, opts);

// The same, but a client stays with the version it met first.
const sticky = new TraefikService(
  "sticky",
  {
    ...place,
    weighted: { services: [v1, v2], sticky: { name: "version", httpOnly: true, sameSite: "lax" } },
  },
  opts,
);
new Route("sticky", { ...shared, hosts: ["sticky.test"], service: sticky }, opts);

// Without a cookie: a client stays with the version that its address leads to.
const address = new TraefikService(
  "address",
  { ...place, highestRandomWeight: { services: [v1, v2] } },
  opts,
);
new Route("address", { ...shared, hosts: ["address.test"], service: address }, opts);

// Clients are answered by v1; FastAPI gets copies, and its answers go nowhere.
const mirror = new TraefikService(
  "mirror",
  { ...place, mirroring: { service: v1, mirrors: [{ ...echo, percent: 100 }] } },
  opts,
);
new Route("mirror", { ...shared, hosts: ["mirror.test"], service: mirror }, opts);

// FastAPI answers, and v1 where that fails.
const failover = new TraefikService(
  "failover",
  { ...place, failover: { service: echo, fallback: v1, errors: { status: ["500-504"] } } },
  opts,
);
new Route("failover", { ...shared, hosts: ["failover.test"], service: failover }, opts);

// No pods at all is an error like any other.
const rescue = new TraefikService(
  "rescue",
  { ...place, failover: { service: { name: nobody.name, port: 80 }, fallback: v1 } },
  opts,
);
new Route("rescue", { ...shared, hosts: ["rescue.test"], service: rescue }, opts);

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

export const namespaceName = namespace;
