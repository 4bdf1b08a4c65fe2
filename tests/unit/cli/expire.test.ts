import { describe, expect, it } from "vitest";

import type { KubeObject } from "../../../cli/cluster/object.ts";
import { daysUntil, distance, dueInCluster, dueStacks, standingOf } from "../../../cli/expire/due.ts";
import { extendedTo } from "../../../cli/extend/date.ts";
import type { StateResource } from "../../../cli/state/resource.ts";
import type { StoredStack } from "../../../cli/state/stacks.ts";

const today = new Date("2026-11-25T23:30:00Z");
const when = { today, warnDays: 3 };

const stored = (
  stack: string,
  dates: readonly (string | undefined)[],
  more: Partial<StateResource> = {},
): StoredStack => ({
  fullName: `organization/slipway/${stack}`,
  project: "slipway",
  stack,
  checkpoint: {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-25T13:00:00Z" },
      resources: dates.map((date, index) => ({
        urn: `urn:pulumi:${stack}::slipway::kubernetes:core/v1:Namespace::${index}`,
        type: "kubernetes:core/v1:Namespace",
        custom: true,
        id: `slipway-${stack}-${index}`,
        inputs: { metadata: { labels: date === undefined ? {} : { "slipway.dev/expires": date } } },
        ...more,
      })),
    },
  },
});

describe("how a stack stands to its date", () => {
  it.each([
    ["2026-11-24", -1, "expired"],
    // The day itself is still its own.
    ["2026-11-25", 0, "soon"],
    ["2026-11-28", 3, "soon"],
    ["2026-11-29", 4, "later"],
    ["never", undefined, "never"],
    ["someday", undefined, "never"],
    [undefined, undefined, "never"],
  ])("%s", (expires, days, standing) => {
    expect(standingOf(expires, when)).toEqual({ expires, days, standing });
  });

  it("is by days in UTC, whatever the time of day and the daylight saving", () => {
    expect(daysUntil("2026-11-26", new Date("2026-11-25T00:00:00Z"))).toBe(1);
    expect(daysUntil("2026-11-26", new Date("2026-11-25T23:59:59Z"))).toBe(1);
    expect(daysUntil("2027-03-29", new Date("2027-03-27T12:00:00Z"))).toBe(2);
  });

  it("is in words", () => {
    expect([-2, -1, 0, 3, undefined].map(distance)).toEqual([
      "2 days ago",
      "yesterday",
      "today",
      "in 3 days",
      "",
    ]);
  });
});

describe("stacks of a backend", () => {
  it("have the date of their objects, the latest where an update got only to some", () => {
    const [due] = dueStacks([stored("dev", ["2026-11-01", "2026-12-24", undefined])], when);
    expect(due).toEqual({
      project: "slipway",
      stack: "dev",
      fullName: "organization/slipway/dev",
      expires: "2026-12-24",
      days: 29,
      standing: "later",
      protected: false,
    });
    expect(dueStacks([stored("dev", ["2026-11-01", "never"])], when)[0]?.standing).toBe("never");
  });

  it("are protected where Pulumi protects one of their resources", () => {
    expect(dueStacks([stored("prod", ["2026-11-01"], { protect: true })], when)[0]?.protected).toBe(true);
  });
});

it("finds stacks in the cluster whose state is elsewhere, once each", () => {
  const namespace = (stack: string, name: string, date: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid: name,
      creationTimestamp: "2026-11-01T00:00:00Z",
      labels: { "slipway.dev/project": "slipway", "slipway.dev/stack": stack, "slipway.dev/expires": date },
    },
  });
  const objects = [
    namespace("dev", "slipway-dev", "2026-11-01"),
    namespace("lab", "slipway-lab", "2026-11-02"),
    namespace("lab", "slipway-lab-traefik", "2026-11-02"),
  ];
  expect(dueInCluster(objects, [{ project: "slipway", stack: "dev" }], when)).toEqual([
    {
      project: "slipway",
      stack: "lab",
      expires: "2026-11-02",
      days: -23,
      standing: "expired",
      protected: false,
    },
  ]);
});

describe("a stack is extended", () => {
  it.each([
    // From its own day, as long as that has not passed.
    ["7d", "2026-12-01", "2026-12-08"],
    ["7d", "2026-11-25", "2026-12-02"],
    ["7d", "2026-11-24", "2026-12-02"],
    ["7d", undefined, "2026-12-02"],
    ["7d", "never", "2026-12-02"],
    ["2w", undefined, "2026-12-09"],
    ["3m", "2026-11-30", "2027-02-28"],
    ["1y", "2028-02-29", "2029-02-28"],
    ["2027-01-31", "2026-12-01", "2027-01-31"],
    ["never", "2026-12-01", "never"],
  ])("by %s from %s to %s", (term, expires, until) => {
    expect(extendedTo(term, expires, today)).toBe(until);
  });

  it.each(["7", "d", "0d", "-7d", "7 days", "2027-02-31", "2027-1-31", "", "99999d"])("not by %j", (term) => {
    expect(extendedTo(term, undefined, today)).toBeUndefined();
  });
});
