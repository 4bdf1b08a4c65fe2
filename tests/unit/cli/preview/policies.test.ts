import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { policiesOf } from "../../../../cli/preview/run.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-policies-"));
  mkdirSync(join(directory, "policy/settings"), { recursive: true });
  writeFileSync(join(directory, "policy/settings/prod.json"), "{}");
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const policies = (stack: string, policyPack?: string[], policyPackConfig?: string[]) =>
  policiesOf(
    { cwd: directory, ...(policyPack && { policyPack }), ...(policyPackConfig && { policyPackConfig }) },
    { stack, directory },
  );

it("gives a pack the settings it has for the stack, where nothing else is said", () => {
  expect(policies("prod", ["policy"])).toEqual({
    policyPacks: ["policy"],
    policyPackConfigs: ["policy/settings/prod.json"],
  });
  expect(policies("organization/shop/prod", ["policy"])).toHaveProperty("policyPackConfigs");
  expect(policies("dev", ["policy"])).toEqual({ policyPacks: ["policy"] });
  expect(policies("prod", ["policy"], ["own.json"])).toEqual({
    policyPacks: ["policy"],
    policyPackConfigs: ["own.json"],
  });
  expect(policies("prod")).toEqual({});
});

it("gives none where one of the packs has none: Pulumi takes settings for all of them", () => {
  expect(policies("prod", ["policy", "other"])).toEqual({ policyPacks: ["policy", "other"] });
  expect(() => policies("prod", ["policy", "other"], ["own.json"])).toThrow(
    "there are 2 policy packs and 1 files of settings",
  );
});
