import { expect, it } from "vitest";

import { missingVolumes } from "../../../components/workload/claim-failure.ts";

const claim = (name: string, phase = "Pending") => ({ metadata: { name }, status: { phase } });
const event = (name: string, reason: string, message: string, second: number) => ({
  involvedObject: { name },
  reason,
  message,
  lastTimestamp: second < 0 ? null : `2026-01-01T00:00:0${second}Z`,
  metadata: { creationTimestamp: "2026-01-01T00:00:00Z" },
});

it("has each claim's newest reason, and one advice", () => {
  const reason = "no persistent volumes available for this claim and no storage class is set";
  const found = missingVolumes(
    "apps",
    ["data-db-1", "data-db-0", "data-db-0", "gone", "bound"],
    [claim("data-db-0"), claim("data-db-1"), claim("bound", "Bound"), claim("anothers")],
    [
      event("data-db-0", "FailedBinding", reason, 2),
      event("data-db-0", "ProvisioningFailed", "older", -1),
      event("anothers", "FailedBinding", "not ours", 3),
    ],
  );
  expect(found?.split("\n")).toEqual([
    `claim apps/data-db-0: ${reason}`,
    "claim apps/data-db-1: is not bound yet",
    "claim apps/gone: is not there",
    expect.stringContaining("`kubectl get storageclass`"),
  ]);
});

it("is silent of claims that have their volume, or wait for a pod themselves", () => {
  const claims = [claim("a", "Bound"), claim("b")];
  const events = [event("b", "WaitForFirstConsumer", "waiting for first consumer", 1)];
  expect(missingVolumes("apps", ["a", "b"], claims, events)).toBeUndefined();
  expect(missingVolumes("apps", [], [claim("c")], [])).toBeUndefined();
});
