import { expect, it } from "vitest";

import { type PodState, unplaced } from "../../../components/workload/placement-failure.ts";

const pod = (status: "True" | "False", message?: string): PodState => ({
  metadata: { name: "web-1" },
  status: {
    conditions: [
      { type: "Ready", status: "False", message: "containers with unready status" },
      { type: "PodScheduled", status, message },
    ],
  },
});

it("repeats what the scheduler says, once", () => {
  const none = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
  expect(unplaced("shop/web", [pod("False", none), pod("True"), pod("False", none)])).toBe(
    `2 pods of shop/web without a node: ${none}`,
  );
  expect(unplaced("shop/web", [pod("False")])).toContain("1 pod of shop/web");
});

it("has nothing to say of pods that have a node, or are not there", () => {
  expect(unplaced("shop/web", [pod("True"), { metadata: { name: "web-2" } }])).toBeUndefined();
  expect(unplaced("shop/web", [])).toBeUndefined();
});
