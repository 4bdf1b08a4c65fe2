import { afterAll, expect, it } from "vitest";

import { TestStack } from "./harness/index.ts";

let example: TestStack | undefined;
afterAll(() => example?.remove());

it("pods that wait for a volume which nobody makes fail `up` in time, with the claims' own reason", async () => {
  // To a claim, no class and no default class are the same.
  const config = { storageClass: "", replicas: 1, timeoutSeconds: 15 };
  example = await TestStack.prepare("e2e-volumes", { program: "examples/stateful", config });
  const begun = Date.now();
  await expect(example.up()).rejects.toThrow();
  expect(Date.now() - begun).toBeLessThan(60_000);
  for (const claim of ["data-db-0", "notes"]) {
    expect(example.log).toMatch(
      new RegExp(
        `claim stateful-e2e-volumes/${claim}: no persistent volumes available .* no storage class is set`,
      ),
    );
  }
  expect(example.log).toContain("`kubectl get storageclass`");
});
