import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { leftovers, ROOT, TestStack } from "../harness/index.ts";

const NAME = "e2e-mistakes";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      domian: "slipway.test",
      traefik: { websecure: { nodePort: 30_000 } },
      apps: {
        api: { path: "api", replicas: -1 },
        hello: { nodePort: 30_000 },
        guide: { image: undefined },
        portal: { nodePort: 80 },
      },
    },
  });
});

afterAll(() => stack.remove());

it("names every mistake in the configuration at once, each in one line, before anything is made", async () => {
  await expect(stack.up()).rejects.toThrow();
  const lines = stack.log.split("\n");
  for (const [key, value, allowed] of [
    ["domian", "slipway.test", "domain"],
    ["apps.portal.nodePort", "80", "30000"],
    ["apps.api.path", '"api"', 'must begin with "/"'],
    ["apps.api.replicas", "-1", "from 0"],
    ["apps.hello.nodePort", "30000", "traefik.websecure.nodePort"],
    ["apps.guide.image", "", "is required"],
  ] as const) {
    const found = lines.filter(
      (line) => line.trim().startsWith(`${key}:`) || line.trim().startsWith(`${key} `),
    );
    expect(found, key).not.toEqual([]);
    expect(found[0]).toContain(value);
    expect(found[0]).toContain(allowed);
  }
  expect(stack.log).not.toContain("    at ");
  expect(await leftovers(NAME, `slipway-${NAME}`)).toEqual([]);
});

it("leaves the committed stack files as they are", async () => {
  expect(await readFile(join(ROOT, "Pulumi.dev.yaml"), "utf8")).not.toContain("domian");
});
