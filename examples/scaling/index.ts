import {
  Deployment,
  Exposure,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  Service,
} from "../../components/index.ts";
import { setup } from "../setup.ts";

const { namespace, config, image } = setup();

const web = new Deployment("web", {
  namespace,
  image: image("nginx"),
  replicas: "autoscaled",
  ports: { http: 8080 },
  env: { APP_VERSION: config.get("version") ?? "1" },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  // What the autoscaler compares use with: a light load is much for pods that ask for little.
  resources: { requests: { cpu: "10m", memory: "16Mi" } },
  spread: ["kubernetes.io/hostname"],
});

new HorizontalPodAutoscaler("web", {
  target: web,
  minReplicas: config.getNumber("minReplicas") ?? 2,
  maxReplicas: 4,
  cpu: 70,
});
new PodDisruptionBudget("web", { target: web });

const service = new Service("web", { target: web, ports: { http: 80 }, exposure: Exposure.nodePort() });

export const namespaceName = namespace.name;
export const nodePorts = service.nodePorts;
