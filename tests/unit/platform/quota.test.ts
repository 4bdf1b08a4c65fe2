import { expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { Deployment, Namespace, type Quota } from "../../../components/index.ts";
import { checkQuota } from "../../../components/platform/quota.ts";
import { record, refusal } from "../mocks.ts";

const stack = { project: "shop", stack: "test" };
const quota: Quota = {
  resourceQuota: { pods: "20", "requests.cpu": "2", "count/ingressroutes.traefik.io": "5" },
  limitRange: { max: { cpu: "1" }, default: { cpu: "500m" }, defaultRequest: { cpu: "50m" } },
};

it("makes both objects in the namespace, before its pods", async () => {
  const made = await record(() => {
    const namespace = new Namespace("shop", { stack, ...quota });
    return new Deployment("web", { namespace, image: "registry.example/web:1" });
  });
  expect(made.one("kubernetes:core/v1:ResourceQuota").inputs).toMatchObject({
    metadata: { name: "slipway", namespace: "shop" },
    spec: { hard: quota.resourceQuota },
  });
  expect(made.one("kubernetes:core/v1:LimitRange").inputs).toMatchObject({
    metadata: { name: "slipway", namespace: "shop" },
    spec: { limits: [{ type: "Container", ...quota.limitRange }] },
  });
  const { dependsOn } = made.one("kubernetes:apps/v1:Deployment", "web");
  expect(dependsOn).toEqual(expect.arrayContaining(["shop-quota", "shop-limits"]));
});

it("makes neither unless it is asked for, and refuses them for a namespace of somebody else's", async () => {
  const made = await record(() => new Namespace("shop", { stack }));
  expect(made.all("kubernetes:core/v1:ResourceQuota")).toEqual([]);
  expect(made.all("kubernetes:core/v1:LimitRange")).toEqual([]);
  expect(await refusal(() => new Namespace("shop", { stack, create: false, ...quota }))).toContain(
    "resourceQuota: ",
  );
});

const mistakes = (given: Quota): string[] => {
  const problems = new Problems("");
  checkQuota(given, problems);
  return problems.found.map(({ key, allowed }) => `${key}: ${allowed}`);
};

it("knows what can be counted", () => {
  const names = [
    "cpu",
    "limits.memory",
    "requests.nvidia.com/gpu",
    "services.loadbalancers",
    "requests.storage",
  ];
  const storage = "gold.storageclass.storage.k8s.io/requests.storage";
  expect(
    mistakes({ resourceQuota: Object.fromEntries([...names, storage].map((name) => [name, "1"])) }),
  ).toEqual([]);
  expect(mistakes({ resourceQuota: {} })).toEqual(["resourceQuota: must name at least one resource"]);
  expect(mistakes({ resourceQuota: { pod: "1", "limits.storage": "1", pods: "many" } })).toEqual([
    expect.stringContaining("resourceQuota.pod: must be what a quota counts"),
    expect.stringContaining("resourceQuota.limits.storage: must be what a quota counts"),
    expect.stringContaining("resourceQuota.pods: must be a quantity"),
  ]);
});

it("wants limits in their order", () => {
  expect(mistakes({ limitRange: {} })).toEqual([
    "limitRange: must have at least one of min, defaultRequest, default, max",
  ]);
  expect(
    mistakes({ limitRange: { min: { cpu: "2" }, max: { cpu: "1" }, default: { cpu: "1500m", pods: "1" } } }),
  ).toEqual([
    expect.stringContaining("limitRange.default.pods: must be cpu, memory"),
    "limitRange.min.cpu: must not exceed default, 1500m",
    "limitRange.min.cpu: must not exceed max, 1",
    "limitRange.default.cpu: must not exceed max, 1",
  ]);
});
