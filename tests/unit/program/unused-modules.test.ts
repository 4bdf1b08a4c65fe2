import { join } from "node:path";

import { execa } from "execa";
import { expect, it } from "vitest";

/** Loads the SDK as the program does, and tells what of it is loaded: the SDK of the tests is there already. */
const PROGRAM = `
  import "./program/unused-modules.ts";
  const { createRequire } = await import("node:module");
  const require = createRequire(process.cwd() + "/index.ts");
  const pulumi = await import("@pulumi/pulumi");
  const loaded = (pattern) => Object.entries(require.cache).some(
    ([file, module]) => pattern.test(file) && module.children.length > 0);
  const both = () => [loaded(/automation\\/stack\\.js$/), loaded(/typescript-shim\\.js$/)];
  const told = [both()];
  const stack = pulumi.automation.LocalWorkspace.name;
  told.push(both());
  const { text } = await pulumi.runtime.serializeFunction(() => 42);
  told.push(both());
  process.stdout.write(JSON.stringify({ told, stack, closure: /42/.test(text) }));
`;

it("leaves the SDK's Automation API and TypeScript unloaded, until either is asked for", async () => {
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    cwd: join(import.meta.dirname, "../../.."),
  });
  expect(JSON.parse(stdout)).toEqual({
    told: [
      [false, false],
      [true, false],
      [true, true],
    ],
    stack: "LocalWorkspace",
    closure: true,
  });
});
