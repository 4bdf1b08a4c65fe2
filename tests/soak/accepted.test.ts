import { afterAll, beforeAll, expect, it } from "vitest";

import { Oracle } from "../e2e/accepted/oracle.ts";
import { judgeMany } from "../e2e/accepted/property.ts";

/** Of the configurations; given to repeat a run. */
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000_000);

/** How many are generated. */
const CONFIGURATIONS = Number(process.env["CONFIGURATIONS"] ?? 2000);

let oracle: Oracle;

beforeAll(async () => {
  console.log(`seed ${SEED}`);
  oracle = await Oracle.start();
});

afterAll(() => oracle.stop());

it(`${CONFIGURATIONS} configurations of seed ${SEED} are served or refused by their keys`, async () => {
  const tally = await judgeMany(oracle, {
    numRuns: CONFIGURATIONS,
    seed: SEED,
    interruptAfterTimeLimit: 1_700_000,
  });
  console.log(`${tally.served} served, ${tally.refused} refused`);
  expect(tally.served + tally.refused).toBe(CONFIGURATIONS);
});
