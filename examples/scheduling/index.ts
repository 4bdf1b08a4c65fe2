import * as k8s from "@pulumi/kubernetes";

import { Deployment, Namespace, type Quota, type Scheduling } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

const common = {
  namespace,
  image: image("nginx"),
  resources: little,
  ports: { http: 8080 },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  labels: config.getObject<Record<string, string>>("labels") ?? {},
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
};

/** On nodes with these labels, also where a taint keeps other pods away that they put up with. */
new Deployment("selected", {
  ...common,
  nodeSelector: config.getObject<Scheduling["nodeSelector"]>("nodeSelector") ?? {
    "kubernetes.io/os": "linux",
  },
  tolerations: config.getObject<Scheduling["tolerations"]>("tolerations") ?? [],
});

/** On nodes that any of several values will do of. */
new Deployment("attracted", {
  ...common,
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              {
                key: "kubernetes.io/arch",
                operator: "In",
                values: config.getObject<string[]>("architectures") ?? ["amd64", "arm64"],
              },
            ],
          },
        ],
      },
    },
  },
});

/** As many on one node as on another, or waiting. */
new Deployment("spread", {
  ...common,
  replicas: 2,
  spread: [
    { topologyKey: config.get("spreadOver") ?? "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
  ],
});

/** Before others in the queue where room is short. A class is the whole cluster's: hence its name. */
const important = new k8s.scheduling.v1.PriorityClass("important", {
  metadata: { name: `${stack.project}-${stack.stack}` },
  value: config.getNumber("priority") ?? 1000,
  preemptionPolicy: "Never",
  description: "Goes before others, and takes no running pod's place",
});
new Deployment("important", { ...common, priorityClassName: important.metadata.name });

/** Together no more than a quota, each no more than a limit: for one namespace, whoever deploys there. */
const bounded = new Namespace("bounded", {
  objectName: `${stack.project}-${stack.stack}-bounded`,
  resourceQuota: config.getObject<Quota["resourceQuota"]>("quota") ?? { pods: "4", "limits.memory": "2Gi" },
  limitRange: { max: { cpu: "1" }, default: { cpu: "200m" }, defaultRequest: { cpu: "20m" } },
});
new Deployment("counted", { ...common, namespace: bounded, replicas: config.getNumber("counted") ?? 2 });

export const boundedName = bounded.name;
export const namespaceName = namespace.name;
