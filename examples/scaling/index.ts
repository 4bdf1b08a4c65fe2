import { Deployment, HorizontalPodAutoscaler, PodDisruptionBudget } from "../../components/index.ts";
import { setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

const web = new Deployment("web", {
  stack,
  namespace,
  image: image("nginx"),
  replicas: "autoscaled",
  ports: { http: 8080 },
  env: { APP_VERSION: config.get("version") ?? "1" },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  resources: { requests: { cpu: "20m", memory: "16Mi" } },
  spread: ["kubernetes.io/hostname"],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] },
        ],
      },
    },
  },
});

new HorizontalPodAutoscaler("web", {
  stack,
  namespace,
  target: web,
  minReplicas: config.getNumber("minReplicas") ?? 2,
  maxReplicas: 4,
  cpu: 70,
});
new PodDisruptionBudget("web", { stack, namespace, target: web });

export const namespaceName = namespace;
