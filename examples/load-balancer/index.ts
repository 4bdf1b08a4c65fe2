import { type ChartSource, Deployment, Exposure, MetalLB, Service } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

// A cluster in a cloud has a load balancer, and needs no pool.
const pool = config.get("pool");
const metallb =
  pool === undefined
    ? undefined
    : new MetalLB("metallb", {
        install: config.getBoolean("installMetalLB") ?? true,
        chart: config.getObject<ChartSource>("metallbChart"),
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
