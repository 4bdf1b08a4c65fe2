import {
  type ContainerArgs,
  DaemonSet,
  Deployment,
  type Mounts,
  PersistentVolumeClaim,
  StatefulSet,
} from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { namespace, config, image } = setup();

const version = config.get("version") ?? "1";
const storageClassName = config.get("storageClass");
const timeoutSeconds = config.getNumber("timeoutSeconds");

/** Adds a line to a file of the volume at each start of a pod. */
const noteStart = (mounts: Mounts): ContainerArgs => ({
  image: image("nginx"),
  resources: little,
  command: ["sh", "-c", 'echo "$HOSTNAME version $APP_VERSION" >> /data/starts'],
  env: { APP_VERSION: version },
  mounts,
});

// A volume for each pod, which it finds again.
const dbMounts = { "/data": { template: "data" } };
const db = new StatefulSet("db", {
  namespace,
  image: image("nginx"),
  resources: little,
  replicas: config.getNumber("replicas") ?? 3,
  ports: { http: 8080 },
  env: { APP_VERSION: version },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  claims: { data: { storage: config.get("storage") ?? "1Gi", storageClassName } },
  mounts: dbMounts,
  initContainers: { start: noteStart(dbMounts) },
  preStopSeconds: 0,
  timeoutSeconds,
});

// One volume for whichever pod there is.
const claim = new PersistentVolumeClaim("notes", { namespace, storage: "1Gi", storageClassName });
const notesMounts = { "/data": { claim } };
const notes = new Deployment("notes", {
  namespace,
  image: image("nginx"),
  resources: little,
  // Most volumes go to one node at a time, and the next pod may come to another one.
  strategy: "recreate",
  ports: { http: 8080 },
  env: { APP_VERSION: version },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  mounts: notesMounts,
  initContainers: { start: noteStart(notesMounts) },
  fsGroup: 65_532,
  preStopSeconds: 0,
  progressDeadlineSeconds: timeoutSeconds,
});

const agent = new DaemonSet("agent", {
  namespace,
  image: image("nginx"),
  resources: little,
  ports: { http: 8080 },
  env: { APP_VERSION: version, NODE: { fieldRef: "spec.nodeName" } },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
});

export const namespaceName = namespace.name;
export const headlessService = db.serviceName;
export const deployment = notes.name;
export const daemonSet = agent.name;
