import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { survivesDestroy, survivesUp, survivesUpdate } from "../e2e/cli/interruption.ts";
import { randomFrom, TestStack, type Victim } from "../e2e/harness/index.ts";
import { beside } from "../e2e/stack/program.ts";

const NAME = "soak-recover";

/** Of the moments; given to repeat a run. */
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** How often each of `up`, an update and `destroy` is killed. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 21);

const VICTIMS: readonly Victim[] = ["tree", "engine", "provider"];

const random = randomFrom(SEED);
const within = (from: number, to: number): number => Math.round(from + random() * (to - from));

const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
  round: round + 1,
  victim: VICTIMS[round % VICTIMS.length] ?? "tree",
  delay: within(0, 400),
  up: within(2, 260),
  update: within(2, 16),
  destroy: within(2, 160),
}));

let stack: TestStack;

beforeAll(async () => {
  console.log(`seed ${SEED}`);
  stack = await TestStack.prepare(NAME, { from: "dev", config: beside(NAME) });
});

afterAll(() => stack.remove());

describe.each(rounds)(`round $round of seed ${SEED}`, ({ round, victim, delay, up, update, destroy }) => {
  it(`survives up without its ${victim} after ${up} lines`, async () => {
    expect(await survivesUp(stack, { lines: up, delay, victim })).toEqual([]);
  });

  it(`survives an update without its ${victim} after ${update} lines`, async () => {
    const env = { ROUND: String(round) };
    const change = { apps: { api: { env, replicas: 1 + (round % 2) }, hello: { env } } };
    expect(await survivesUpdate(stack, change, { lines: update, delay, victim })).toEqual([]);
  });

  it(`survives destroy without its ${victim} after ${destroy} lines`, async () => {
    expect(await survivesDestroy(stack, { lines: destroy, delay, victim })).toEqual([]);
  });
});
