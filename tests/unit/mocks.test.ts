import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { record, resolved } from "./mocks.ts";

function program() {
  const first = new k8s.core.v1.ConfigMap("first", { data: { a: pulumi.secret("b") } });
  return new k8s.core.v1.ConfigMap(
    "second",
    { data: { id: first.id } },
    { dependsOn: first, ignoreChanges: ["data"], customTimeouts: { create: "10s" } },
  );
}

it("records inputs, secrets and options of every resource", async () => {
  const made = await record(program);
  const type = "kubernetes:core/v1:ConfigMap";
  expect(made.one(type, "first")).toMatchObject({ inputs: { data: { a: "b" } }, secrets: ["data.a"] });
  expect(made.one(type, "second")).toMatchObject({
    inputs: { data: { id: "first-id" } },
    dependsOn: ["first"],
    ignoreChanges: ["data"],
    customTimeouts: { create: "10s" },
  });
  expect(await resolved(made.value.data)).toEqual({ id: "first-id" });
  expect(() => made.one(type)).toThrow("2 resources");
});

it("starts every recording afresh, and knows no ids in preview", async () => {
  await record(program);
  const made = await record(program, { preview: true });
  expect(made.resources).toHaveLength(2);
  expect(made.one("kubernetes:core/v1:ConfigMap", "second").inputs.data).not.toEqual({ id: "first-id" });
});
