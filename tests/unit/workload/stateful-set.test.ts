import { expect, it } from "vitest";

import { StatefulSet, type StatefulSetArgs } from "../../../components/workload/index.ts";
import { record } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps", image: "db:1" };
const selector = { "app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "slipway-dev" };
const make = (extra: Partial<StatefulSetArgs>) => record(() => new StatefulSet("db", { ...args, ...extra }));

it("makes a headless Service first, and pods with volumes of their own", async () => {
  const made = await make({
    replicas: 3,
    ports: { sql: 5432, gossip: { port: 7946, protocol: "UDP" } },
    mounts: { "/data": { template: "data" } },
    claims: { data: { storage: "1Gi", storageClassName: "fast" } },
    claimRetention: { whenDeleted: "Delete" },
  });
  const service = made.one("kubernetes:core/v1:Service");
  expect(service.inputs).toMatchObject({
    metadata: { name: "db-headless", namespace: "apps", annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      clusterIP: "None",
      selector,
      ports: [
        { name: "sql", port: 5432, targetPort: "sql", protocol: "TCP" },
        { name: "gossip", port: 7946, targetPort: "gossip", protocol: "UDP" },
      ],
    },
  });
  const { inputs, dependsOn, customTimeouts } = made.one("kubernetes:apps/v1:StatefulSet");
  expect(dependsOn).toEqual(["db-headless"]);
  expect(customTimeouts).toMatchObject({ create: "300s", update: "300s" });
  expect(inputs.metadata).toMatchObject({ name: "db" });
  expect(inputs.metadata).not.toHaveProperty("annotations");
  expect(inputs.spec).toMatchObject({
    replicas: 3,
    serviceName: "db-headless",
    selector: { matchLabels: selector },
    podManagementPolicy: "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    volumeClaimTemplates: [
      {
        metadata: { name: "data", labels: selector },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "fast",
          resources: { requests: { storage: "1Gi" } },
        },
      },
    ],
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
    template: { spec: { containers: [{ volumeMounts: [{ name: "data", mountPath: "/data" }] }] } },
  });
  const { template } = inputs.spec as { template: { spec: object } };
  expect(template.spec).not.toHaveProperty("volumes");
});

it("names every mistake at once", async () => {
  await expect(make({ replicas: 1.5, claims: { Data: { storage: "big" } } })).rejects.toThrow(
    [
      "stateful set db:",
      "  ports: must name one: the pods are known by a Service",
      "  replicas: 1.5 must be a whole number from 0",
      "  claims.Data: must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends",
      '  claims.Data.storage: "big" must be a quantity, as in "10Gi"',
    ].join("\n"),
  );
});
