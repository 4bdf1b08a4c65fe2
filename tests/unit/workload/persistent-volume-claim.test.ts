import { expect, it } from "vitest";

import { Deployment, PersistentVolumeClaim } from "../../../components/workload/index.ts";
import { record, resolved } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps" };

it("claims a volume of the default class, which no change may delete", async () => {
  const made = await record(() => new PersistentVolumeClaim("data", { ...args, storage: "1Gi" }));
  const { inputs, deleteBeforeReplace } = made.one("kubernetes:core/v1:PersistentVolumeClaim");
  expect(deleteBeforeReplace).toBe(false);
  expect(inputs).toMatchObject({
    metadata: {
      name: "data",
      namespace: "apps",
      labels: { "slipway.dev/stack": "dev" },
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  expect(inputs.spec).not.toHaveProperty("storageClassName");
  expect(await resolved(made.value.name)).toBe("data");
});

it("is what a mount names", async () => {
  const made = await record(() => {
    const claim = new PersistentVolumeClaim("data", { ...args, storage: "1Gi" });
    new Deployment("wiki", { ...args, image: "registry.example/wiki:1", mounts: { "/data": { claim } } });
  });
  expect(made.one("kubernetes:apps/v1:Deployment").inputs).toMatchObject({
    spec: {
      template: { spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] } },
    },
  });
});

it("names its mistakes", async () => {
  const make = () => new PersistentVolumeClaim("data", { ...args, storage: "big", accessModes: [] });
  await expect(record(make)).rejects.toThrow(
    [
      "persistent volume claim data:",
      '  storage: "big" must be a size above zero, as in "10Gi"',
      "  accessModes: [] must be some of ReadWriteOnce, ReadOnlyMany, ReadWriteMany, or ReadWriteOncePod alone",
    ].join("\n"),
  );
});
