import { expect, it } from "vitest";

import { secondsOf } from "../../../cli/kubeconfig/duration.ts";

it.each([
  ["90m", 5_400],
  ["8h", 28_800],
  ["30d", 2_592_000],
  ["45s", 45],
  ["0h", undefined],
  ["8", undefined],
  ["1.5h", undefined],
])("takes %s for %s seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
