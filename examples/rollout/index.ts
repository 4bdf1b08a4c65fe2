import { Deployment, Route, Service } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { stack, namespace, config, image, platform } = setup();
const traefik = platform();
const host = "rollout.test";

const web = new Deployment("web", {
  stack,
  namespace,
  image: config.get("image") ?? image(config.get("app") ?? "nginx"),
  resources: little,
  env: { APP_VERSION: config.get("version") ?? "1" },
  ports: { http: 8080 },
  probes: { liveness: "/healthz", readiness: "/healthz" },
  writable: ["/tmp"],
  replicas: config.getNumber("replicas") ?? 3,
  strategy: config.get("strategy") === "recreate" ? "recreate" : "rollingUpdate",
  minReadySeconds: config.getNumber("minReadySeconds") ?? 0,
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
  paused: config.getBoolean("paused") ?? false,
});
const service = new Service("web", { stack, namespace, app: "web", ports: { http: 80 } }, { dependsOn: web });
new Route(
  "web",
  {
    stack,
    namespace,
    app: "web",
    ingressClass: traefik.ingressClass,
    hosts: [host],
    service: { name: service.name, port: 80 },
  },
  { dependsOn: traefik },
);

export const namespaceName = namespace;
export const url = traefik.url(host);
