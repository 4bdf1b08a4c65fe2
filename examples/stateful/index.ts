import { DaemonSet, StatefulSet } from "../../components/index.ts";
import { setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

const db = new StatefulSet("db", {
  stack,
  namespace,
  image: image("nginx"),
  replicas: config.getNumber("replicas") ?? 3,
  ports: { http: 8080 },
  env: { APP_VERSION: config.get("version") ?? "1" },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
});

const agent = new DaemonSet("agent", {
  stack,
  namespace,
  image: image("nginx"),
  ports: { http: 8080 },
  env: { APP_VERSION: config.get("version") ?? "1", NODE: { fieldRef: "spec.nodeName" } },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  // On control planes too.
  tolerations: [{ operator: "Exists" }],
});

export const namespaceName = namespace;
export const headlessService = db.serviceName;
export const daemonSet = agent.name;
