import { expect, it } from "vitest";

import { stacksAmong } from "../../../components/platform/in-use.ts";

const own = { project: "slipway", stack: "platform" };

const of = (project: string, stack: string) => ({
  metadata: { labels: { "slipway.dev/project": project, "slipway.dev/stack": stack } },
});

it("names each stack on a platform once, and not the platform's own", () => {
  const objects = [
    of("slipway", "platform"),
    of("slipway", "shop"),
    of("green", "platform"),
    of("slipway", "shop"),
  ];
  expect(stacksAmong(objects, own)).toEqual(["green/platform", "slipway/shop"]);
  expect(stacksAmong([of("slipway", "platform")], own)).toEqual([]);
});
