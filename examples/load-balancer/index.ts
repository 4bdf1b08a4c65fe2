import {
  type ChartSource,
  Deployment,
  Exposure,
  MetalLB,
  type Registry,
  Service,
} from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

// A cluster that reaches no other registry gets MetalLB's images from one that asks for a password.
const mirror = config.get("mirror");
const images = mirror === undefined ? {} : { imageRegistry: mirror, registry: account(mirror) };

function account(prefix: string): Registry {
  const [registry = ""] = prefix.split("/");
  return { registry, username: config.require("username"), password: config.requireSecret("password") };
}

// A cluster in a cloud has a load balancer, and needs no pool.
const pool = config.get("pool");
const metallb =
  pool === undefined
    ? undefined
    : new MetalLB("metallb", {
        install: config.getBoolean("installMetalLB") ?? true,
        chart: config.getObject<ChartSource>("metallbChart"),
        ...images,
        pools: { [`${stack.project}-${stack.stack}`]: { addresses: [pool] } },
      });

const web = new Deployment("web", {
  namespace,
  image: image("nginx"),
  resources: little,
  replicas: 2,
  ports: { http: 8080 },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
});

const service = new Service(
  "web",
  {
    target: web,
    ports: { http: 80 },
    exposure: Exposure.loadBalancer({
      address: config.get("address"),
      sourceRanges: config.getObject<string[]>("sourceRanges"),
      timeoutSeconds: config.getNumber("timeoutSeconds"),
      // MetalLB brings the traffic to the node itself.
      allocateNodePorts: metallb === undefined,
    }),
  },
  { dependsOn: metallb ?? [] },
);

export const namespaceName = namespace.name;
export const address = service.loadBalancerAddress;
