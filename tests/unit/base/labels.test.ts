import { expect, it } from "vitest";

import { appLabels, selectorLabels } from "../../../components/base/labels.ts";
import { metadataOf } from "../../../components/base/metadata.ts";

it("selects by the two names that never change", () => {
  expect(selectorLabels({ project: "slipway", stack: "dev", expires: "2027-01-31" }, "api")).toEqual({
    "app.kubernetes.io/name": "api",
    "app.kubernetes.io/instance": "slipway-dev",
  });
});

it("says on every object whose it is", () => {
  expect(appLabels({ project: "slipway", stack: "dev", expires: "2027-01-31" }, "api")).toEqual({
    "app.kubernetes.io/name": "api",
    "app.kubernetes.io/instance": "slipway-dev",
    "app.kubernetes.io/part-of": "slipway",
    "app.kubernetes.io/managed-by": "pulumi",
    "slipway.dev/project": "slipway",
    "slipway.dev/stack": "dev",
    "slipway.dev/expires": "2027-01-31",
  });
});

it("lets no label of the user's take an object from its stack", () => {
  const stack = { project: "slipway", stack: "dev" };
  const labels = { team: "blue", "slipway.dev/stack": "prod", "app.kubernetes.io/name": "other" };
  expect(metadataOf("api", { stack, namespace: "shop", app: "api", labels })).toEqual({
    name: "api",
    namespace: "shop",
    labels: { team: "blue", ...appLabels(stack, "api") },
  });
});

it("adds its annotations to the user's", () => {
  const stack = { project: "slipway", stack: "dev" };
  const annotations = { note: "mine", both: "mine" };
  expect(metadataOf("api", { stack, namespace: "shop", annotations }, { both: "ours" })).toMatchObject({
    annotations: { note: "mine", both: "ours" },
  });
});
