import { expect, it } from "vitest";

import { replacementRefused } from "../../../components/workload/replacement.ts";
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
  const { inputs, dependsOn, customTimeouts, deleteBeforeReplace, ignoreChanges } = made.one(
    "kubernetes:apps/v1:StatefulSet",
  );
  expect(dependsOn).toEqual(["db-headless"]);
  expect(customTimeouts).toMatchObject({ create: "300s", update: "300s" });
  expect(deleteBeforeReplace).toBe(false);
  expect(inputs.metadata).toMatchObject({
    name: "db",
    annotations: { "pulumi.com/patchFieldManager": "slipway" },
  });
  expect(ignoreChanges).toEqual(['metadata.annotations["pulumi.com/patchFieldManager"]']);
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
    template: {
      spec: {
        securityContext: { fsGroup: 65532 },
        containers: [{ volumeMounts: [{ name: "data", mountPath: "/data" }] }],
      },
    },
  });
  const { template } = inputs.spec as { template: { spec: object } };
  expect(template.spec).not.toHaveProperty("volumes");
});

it("leaves claims, retention, groups and replacement alone where there are no volumes", async () => {
  const made = await make({ ports: { sql: 5432 } });
  const { inputs, deleteBeforeReplace } = made.one("kubernetes:apps/v1:StatefulSet");
  expect(deleteBeforeReplace).toBeUndefined();
  expect(inputs.metadata).not.toHaveProperty("annotations");
  expect(inputs.spec).not.toHaveProperty("volumeClaimTemplates");
  expect(inputs.spec).not.toHaveProperty("persistentVolumeClaimRetentionPolicy");
  expect(inputs.spec).not.toHaveProperty("template.spec.securityContext.fsGroup");
});

it("takes what is said of retention, group, class and access", async () => {
  const made = await make({
    ports: { sql: 5432 },
    fsGroup: 70,
    mounts: { "/data": { template: "data" } },
    claims: { data: { storage: "1.5Ti", storageClassName: "", accessModes: ["ReadWriteOncePod"] } },
    claimRetention: { whenDeleted: "Retain", whenScaled: "Delete" },
  });
  const { inputs } = made.one("kubernetes:apps/v1:StatefulSet");
  expect(inputs.spec).toMatchObject({
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Delete" },
    volumeClaimTemplates: [
      {
        spec: {
          accessModes: ["ReadWriteOncePod"],
          storageClassName: "",
          resources: { requests: { storage: "1.5Ti" } },
        },
      },
    ],
    template: { spec: { securityContext: { fsGroup: 70 } } },
  });
});

it("says how to go on with a StatefulSet of an interrupted run, and to have another around the same volumes", () => {
  const told = replacementRefused({ name: "db", namespace: "apps" });
  expect(told).toContain("If a run was interrupted that made it, `slipway recover` takes it over");
  expect(told).toContain(
    "kubectl delete statefulset db --namespace apps --cascade=orphan, then pulumi up --refresh",
  );
});

it("names every mistake at once", async () => {
  const claims = {
    Data: { storage: "10GB", storageClassName: "Fast", accessModes: ["ReadWrite" as "ReadWriteOnce"] },
    cache: { storage: "0", accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] as const },
    tmp: { storage: "1Gi" },
  };
  const mounts = { "/cache": { template: "cache" }, "/var/tmp": { template: "tmp" } };
  await expect(make({ replicas: 1.5, claims, mounts, writable: ["/tmp"] })).rejects.toThrow(
    [
      "stateful set db:",
      "  ports: must name one: the pods are known by a Service",
      "  replicas: 1.5 must be a whole number from 0",
      "  claims.Data: no container mounts it",
      "  claims.Data: must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends",
      '  claims.Data.storage: "10GB" must be a size above zero, as in "10Gi"',
      '  claims.Data.storageClassName: "Fast" must be the name of a StorageClass, or "" for none',
      '  claims.Data.accessModes: ["ReadWrite"] must be some of ReadWriteOnce, ReadOnlyMany, ReadWriteMany, or ReadWriteOncePod alone',
      '  claims.cache.storage: "0" must be a size above zero, as in "10Gi"',
      '  claims.cache.accessModes: ["ReadWriteOncePod","ReadWriteOnce"] must be some of ReadWriteOnce, ReadOnlyMany, ReadWriteMany, or ReadWriteOncePod alone',
      "  claims.tmp: has the name of another volume of the pod",
    ].join("\n"),
  );
});
