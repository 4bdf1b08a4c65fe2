import { afterAll, beforeAll, expect, it } from "vitest";

import { randomFrom, TestStack } from "../harness/index.ts";
import { beside } from "../stack/program.ts";
import { survivesDestroy, survivesUp, survivesUpdate } from "./interruption.ts";
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

it("leaves nothing after destroy was killed with its provider, and another one went on", async () => {
  const blow = { lines: within(4, 40), victim: "provider" } as const;
  expect(await survivesDestroy(stack, blow), `seed ${SEED}`).toEqual([]);
});
