import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";
import { expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");

/** Loads the SDK as its runner does, and tells what of it is there: the SDK of the tests is loaded already. */
const PROGRAM = `
  const { createRequire } = await import("node:module");
  const require = createRequire(createRequire(process.cwd() + "/index.ts").resolve("@pulumi/pulumi/package.json"));
  require("source-map-support/register");
  await require("./runtime/closure/v8Hooks").isInitializedAsync();
  const tracing = require("./cmd/run/tracing");
  const recorded = [tracing.newSpan("before").setAttribute("a", 1).isRecording()];
  const pulumi = require(".");
  const inspector = await import("node:inspector");
  let sessions = 0;
  const { connect } = inspector.Session.prototype;
  inspector.Session.prototype.connect = function () { sessions += 1; return connect.call(this); };
  const loaded = (pattern) => Object.entries(require.cache).some(
    ([file, module]) => pattern.test(file) && module.children.length > 0);
  const state = () => ({
    automation: loaded(/automation\\/stack\\.js$/), typescript: loaded(/typescript-shim\\.js$/), sessions,
    traces: loaded(/cmd\\/run\\/tracing\\.js$/),
    maps: require.resolve("source-map-support") in require.cache,
  });
  const told = [state()];
  const stack = pulumi.automation.LocalWorkspace.name;
  told.push(state());
  tracing.start("http://127.0.0.1:9");
  recorded.push(tracing.newSpan("after").isRecording());
  told.push(state());
  const captured = 41;
  const { text } = await pulumi.runtime.serializeFunction(() => captured + 1);
  told.push(state());
  process.stdout.write(JSON.stringify({ told, stack, recorded, closure: text }));
`;

const evaluate = (env: Readonly<Record<string, string>>, program: string, ...args: readonly string[]) =>
  execa(process.execPath, [...args, "--input-type=module", "--eval", program], { cwd: root, env });

it("keeps from a program what it does not ask for, and stack traces unmapped", async () => {
  const { stdout } = await evaluate({}, PROGRAM, "--require", "./components/preload.ts");
  const idle = { automation: false, traces: false, typescript: false, sessions: 0, maps: false };
  expect(JSON.parse(stdout)).toEqual({
    told: [
      idle,
      { ...idle, automation: true },
      { ...idle, automation: true, traces: true },
      { automation: true, traces: true, typescript: true, sessions: 1, maps: false },
    ],
    stack: "LocalWorkspace",
    recorded: [false, true],
    closure: expect.stringContaining("captured: 41") as string,
  });
});

it("leaves tracing to the SDK under a trace of the engine's", async () => {
  const program = `
    const { _cache } = process.getBuiltinModule("module");
    console.log(Object.keys(_cache).some((file) => file.endsWith("cmd/run/tracing.js")));`;
  const replaced = async (env: Readonly<Record<string, string>>): Promise<string> =>
    (await evaluate(env, program, "--require", "./components/preload.ts")).stdout;
  expect(await replaced({})).toBe("true");
  expect(await replaced({ TRACEPARENT: "00-1-2-01" })).toBe("false");
});

it("makes the closures that the SDK makes without it", async () => {
  const closure = async (...args: readonly string[]): Promise<unknown> =>
    (JSON.parse((await evaluate({}, PROGRAM, ...args)).stdout) as { closure: unknown }).closure;
  expect(await closure("--require", "./components/preload.ts")).toBe(await closure());
});

it("lets a program run whose SDK is elsewhere", async () => {
  const { stdout } = await execa(
    process.execPath,
    ["--require", join(root, "components/preload.ts"), "--print", "1"],
    { cwd: "/" },
  );
  expect(stdout).toBe("1");
});

it("comes before the SDK in this program", async () => {
  const { runtime } = parse(await readFile(join(root, "Pulumi.yaml"), "utf8")) as {
    runtime: { options: { nodeargs: string } };
  };
  expect(runtime.options.nodeargs).toContain("--require ./components/preload.ts");
});
