import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

import { explainFailure } from "../../../cli/base/failures.ts";
import { backendStacks } from "../../../cli/state/stacks.ts";
import { randomFrom, TestStack } from "../harness/index.ts";
import { beside } from "../stack/program.ts";
import { survivesDestroy, survivesDown, survivesUp, survivesUpdate } from "./interruption.ts";
import { slipway } from "./slipway.ts";

const NAME = "e2e-recover";

/** Printed with every failure; `make soak` tries others, and more. */
const SEED = 8;
const random = randomFrom(SEED);
const within = (from: number, to: number): number => Math.round(from + random() * (to - from));

let stack: TestStack;

beforeAll(async () => {
  const config = { ...beside(NAME), apps: { api: undefined, guide: undefined, portal: undefined } };
  stack = await TestStack.prepare(NAME, { from: "dev", config });
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => stack.remove());

it("goes on after up was killed with all its processes", async () => {
  expect(await survivesUp(stack, { lines: within(20, 90), victim: "tree" }), `seed ${SEED}`).toEqual([]);
});

it("finds nothing to do in a stack that is well", async () => {
  const { code, stdout } = await slipway(stack, ["recover"]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `Nothing is to be done: nothing was interrupted, and the state of ${NAME} has what the cluster has.`,
  });
});

it("goes on after an update whose engine alone was killed", async () => {
  const change = { apps: { hello: { env: { ROUND: "2" } } } };
  const blow = { lines: within(2, 6), victim: "engine" } as const;
  expect(await survivesUpdate(stack, change, blow), `seed ${SEED}`).toEqual([]);
});

it("takes nothing away from an up that is at work, and says who is", async () => {
  await stack.configure({ apps: { hello: { env: { ROUND: "3" } } } });
  const first = stack.up();
  const second = await Promise.race([sayHeld(), first]);
  await first;
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(second).toHaveProperty(
    "stderr",
    expect.stringMatching(
      new RegExp(`^stack ${NAME} is in use by .* \\(process \\d+\\), since .*\\nWait until that has ended`),
    ),
  );
});

/** What recover says while the lock of a run is held. */
async function sayHeld() {
  for (;;) {
    const said = await slipway(stack, ["recover", "--dry-run"]);
    if (said.code !== 0) return said;
  }
}

/** Leaves the file beside the stack's state as a kill does in the middle of its writing. */
const tear = (backend: string): Promise<void> => writeFile(`${stateIn(backend)}.attrs`, "");

/** Directory of the backend that the test is told to use. */
const backend = (): string => fileURLToPath(process.env["PULUMI_BACKEND_URL"] ?? "");

const stateIn = (backend: string): string =>
  join(backend, ".pulumi", "stacks", stack.project, `${NAME}.json`);

it("goes on after a kill left the file beside the state empty, which Pulumi does not read", async () => {
  await tear(backend());
  const { code, stderr } = await slipway(stack, ["doctor"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^stack e2e-recover cannot be read: a killed run left the file beside the state empty .*\nRemove .* Then: slipway recover\.$/,
    ) as string,
  });
  expect(await slipway(stack, ["recover"])).toMatchObject({ code: 0, stderr: "" });
  await stack.up();
  expect(await stack.changes()).toEqual([]);
});

it("is mended by make up, too, and by whoever lists all stacks", async () => {
  const home = await mkdtemp(join(tmpdir(), "slipway-state-"));
  try {
    vi.stubEnv("XDG_STATE_HOME", home);
    vi.resetModules();
    const { backendDir } = await import("../../../lab/env.ts");
    const { selectStack } = await import("../../../lab/stack.ts");
    const from = backend();
    for (const file of [join(from, ".pulumi", "meta.yaml"), stateIn(from)]) {
      await cp(file, join(backendDir, file.slice(from.length)));
    }
    vi.stubEnv("PULUMI_BACKEND_URL", `file://${backendDir}`);
    await tear(backendDir);
    const said = await stack.exported().catch(String);
    expect(explainFailure(said)?.advice).toMatch(/Then: slipway recover\.$/);
    await selectStack(NAME);
    expect(await stack.exported()).toContain('"urn:pulumi:');
    await tear(backendDir);
    expect(await backendStacks(stack.directory)).toMatchObject([{ stack: NAME }]);
  } finally {
    await rm(home, { recursive: true });
  }
});

it("comes up again, with the same authority, after make down was killed on its way", async () => {
  const blow = { lines: within(10, 30), victim: "tree" } as const;
  expect(await survivesDown(stack, blow), `seed ${SEED}`).toEqual([]);
});

it("leaves nothing after destroy was killed with its provider, and another one went on", async () => {
  const blow = { lines: within(4, 40), victim: "provider" } as const;
  expect(await survivesDestroy(stack, blow), `seed ${SEED}`).toEqual([]);
});
