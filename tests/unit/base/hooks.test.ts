import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { hookName } from "../../../components/base/hooks.ts";
import { Exposure, Service } from "../../../components/service/index.ts";
import { Deployment, Job } from "../../../components/workload/index.ts";
import { record } from "../mocks.ts";

const place = { stack: { project: "slipway", stack: "dev" }, namespace: "shop" };

it("keeps the resource's own name in it, and gives no name twice", () => {
  const names = [1, 2, 3].map(() => hookName("cart", "await"));
  expect(names[0]).toBe("cart-await");
  expect(new Set(names).size).toBe(3);
});

it("lets resources of different types share a name", async () => {
  const pods = {
    ...place,
    image: "registry.example/shop:1",
    initContainers: { prepare: { image: "registry.example/shop:1", command: ["true"] } },
  };
  const made = await record(() => {
    new Deployment("web", pods);
    new Job("web", pods);
  });
  expect(made.all("kubernetes:apps/v1:Deployment")).toHaveLength(1);
  expect(made.all("kubernetes:batch/v1:Job")).toHaveLength(1);
});

it.each([Exposure.loadBalancer(), Exposure.externalIPs(["192.0.2.80"])])(
  "lets Services below different parents share a name: $kind",
  async (exposure) => {
    const made = await record(() => {
      for (const type of ["shop:index:Front", "shop:index:Back"]) {
        const parent = new pulumi.ComponentResource(type, "part");
        const objectName = type === "shop:index:Front" ? "front" : "back";
        new Service(
          "api",
          { ...place, target: "api", objectName, ports: { http: 80 }, exposure },
          { parent },
        );
      }
    });
    expect(made.all("kubernetes:core/v1:Service")).toHaveLength(2);
  },
);
