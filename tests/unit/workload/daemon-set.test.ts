import { expect, it } from "vitest";

import { DaemonSet, type DaemonSetArgs } from "../../../components/workload/index.ts";
import { record } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps", image: "agent:1" };
const selector = { "app.kubernetes.io/name": "agent", "app.kubernetes.io/instance": "slipway-dev" };
const make = (extra: Partial<DaemonSetArgs> = {}) =>
  record(() => new DaemonSet("agent", { ...args, ...extra }));

it("makes a pod for each node", async () => {
  const { inputs, customTimeouts } = (await make({ timeoutSeconds: 60 })).one("kubernetes:apps/v1:DaemonSet");
  expect(customTimeouts).toMatchObject({ create: "60s", update: "60s" });
  expect(inputs).toMatchObject({
    metadata: { name: "agent", namespace: "apps" },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: selector },
        spec: { containers: [{ name: "agent", image: "agent:1" }] },
      },
    },
  });
});

it("refuses an update that could not begin", async () => {
  await expect(make({ maxUnavailable: "0%" })).rejects.toThrow('maxUnavailable: "0%" must be above 0');
});
