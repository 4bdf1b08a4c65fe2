import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { wasInterrupted } from "../../../lab/recover.ts";

let backend: string;
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "slipway-backend-"));
});
afterEach(() => {
  rmSync(backend, { recursive: true });
});

const write = (path: string, content: object): void => {
  const file = join(backend, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
};
const state = (pending: readonly object[] | null): void => {
  write("stacks/slipway/dev.json", { checkpoint: { latest: { pending_operations: pending } } });
};
const history = (time: number, result: string): void => {
  write(`history/slipway/dev/dev-${time}.history.json`, { result });
};
const interrupted = (): boolean => wasInterrupted(backend, "slipway", "dev");

it("sees no interrupted run where there was none, or the last one succeeded", () => {
  expect(interrupted()).toBe(false);
  write("stacks/slipway/dev.json", { checkpoint: {} });
  expect(interrupted()).toBe(false);
  state(null);
  history(1, "failed");
  history(2, "succeeded");
  expect(interrupted()).toBe(false);
});

it("sees one by its lock", () => {
  write("locks/organization/slipway/dev/1.json.attrs", {});
  expect(interrupted()).toBe(false);
  write("locks/organization/slipway/dev/1.json", {});
  expect(interrupted()).toBe(true);
});

it("sees one by what is pending", () => {
  state([{ type: "creating" }]);
  expect(interrupted()).toBe(true);
});

it("sees one that failed, as by Ctrl-C", () => {
  history(1, "succeeded");
  history(2, "failed");
  expect(interrupted()).toBe(true);
});
