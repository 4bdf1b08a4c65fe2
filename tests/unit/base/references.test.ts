import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { wholeReferences, withDefaults } from "../../../components/base/references.ts";

const env = (valueFrom: object) => ({
  spec: { template: { spec: { containers: [{ env: [{ valueFrom }] }] } } },
});

it("adds what the API server would to references that are set as a whole", () => {
  expect(withDefaults(env({ fieldRef: { fieldPath: "metadata.name" } }))).toEqual(
    env({ fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } }),
  );
  expect(withDefaults(env({ resourceFieldRef: { resource: "limits.cpu" } }))).toEqual(
    env({ resourceFieldRef: { resource: "limits.cpu", divisor: "0" } }),
  );
});

it("keeps what is said", () => {
  const said = env({ resourceFieldRef: { resource: "limits.cpu", divisor: "1" } });
  expect(withDefaults(said)).toEqual(said);
});

it("keeps what is not known yet, and what is empty", () => {
  const later = pulumi.output("later");
  const props = { metadata: { name: later }, spec: { paused: null } };
  expect(withDefaults(props)).toEqual(props);
  expect((withDefaults(props) as typeof props).metadata.name).toBe(later);
});

it("changes nothing but pods", async () => {
  const transform = (type: string) =>
    wholeReferences({
      custom: true,
      type,
      name: "a",
      props: env({ fieldRef: { fieldPath: "a" } }),
      opts: {},
    });
  expect(await transform("kubernetes:traefik.io/v1alpha1:IngressRoute")).toBeUndefined();
  expect(await transform("kubernetes:apps/v1:DaemonSet")).toMatchObject({
    props: env({ fieldRef: { apiVersion: "v1", fieldPath: "a" } }),
  });
});
