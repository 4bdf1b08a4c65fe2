import { expect, it } from "vitest";

import { appLabels, selectorLabels } from "../../../components/base/labels.ts";

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
