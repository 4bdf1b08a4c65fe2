import { expect, it } from "vitest";

import * as check from "../../../components/base/checks.ts";

const cases: Record<string, [(value: never) => boolean, unknown[], unknown[]]> = {
  isDnsLabel: [
    check.isDnsLabel,
    ["a", "api-v2", "a".repeat(63)],
    ["", "Api", "-a", "a-", "a.b", "a".repeat(64)],
  ],
  isDnsName: [check.isDnsName, ["a.b", "portal.dev.slipway.test"], ["a..b", "a_b", ""]],
  isPort: [check.isPort, [1, 65_535], [0, 65_536, 1.5]],
  isNodePort: [check.isNodePort, [30_000, 32_767], [29_999, 32_768]],
  isCidr: [check.isCidr, ["10.0.0.0/8", "::/0"], ["10.0.0.0", "10.0.0.0/33", "x/8", "10.0.0.0/8/8"]],
  isPath: [check.isPath, ["/", "/api/v1"], ["", "api", "/a b", "/a?b"]],
  isQuantity: [check.isQuantity, ["1", "250m", "64Mi", "1.5", "1e3"], ["", "Mi", "1 Mi", "-1", "64MB"]],
};

it.each(Object.entries(cases))("%s", (_name, [test, good, bad]) => {
  for (const value of good) expect([value, test(value as never)]).toEqual([value, true]);
  for (const value of bad) expect([value, test(value as never)]).toEqual([value, false]);
});
