import { Deployment, Route, Service } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { namespace, config, image, platform } = setup();
const shared = platform();
const { traefik } = shared;
const host = "rollout.test";

const web = new Deployment("web", {
  namespace,
  image: config.get("image") ?? image(config.get("app") ?? "nginx"),
  resources: little,
  env: { APP_VERSION: config.get("version") ?? "1" },
  ports: { http: 8080 },
  probes: { liveness: "/healthz", readiness: "/healthz" },
  writable: ["/tmp"],
  replicas: config.getNumber("replicas") ?? 3,
  strategy:
    config.get("strategy") === "recreate"
      ? "recreate"
      : {
          type: "rollingUpdate",
          ...config.getObject<{ maxSurge: number | string; maxUnavailable: number | string }>(
            "rollingUpdate",
          ),
        },
  minReadySeconds: config.getNumber("minReadySeconds") ?? 0,
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
  paused: config.getBoolean("paused") ?? false,
  restart: config.get("restart"),
});
const service = new Service("web", { target: web, ports: { http: 80 } });
new Route("web", { traefik, app: "web", hosts: [host], service });

export const namespaceName = namespace.name;
export const url = shared.url(host);
