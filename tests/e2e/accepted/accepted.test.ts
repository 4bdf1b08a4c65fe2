import { afterAll, beforeAll, expect, it } from "vitest";

import { Oracle } from "./oracle.ts";
import { judgeMany } from "./property.ts";

/** Fixed, so that a run says the same as the one before; `make soak` takes others. */
const SEED = 20_261_126;

let oracle: Oracle;

beforeAll(async () => {
  oracle = await Oracle.start();
});

afterAll(() => oracle.stop());

it(`what is accepted is taken by the API server and served by Traefik, and what is not is refused by its key (seed ${SEED})`, async () => {
  const tally = await judgeMany(oracle, { numRuns: 200, seed: SEED, interruptAfterTimeLimit: 240_000 });
  // Without enough of both, the property would say little.
  expect(tally.served).toBeGreaterThan(25);
  expect(tally.refused).toBeGreaterThan(25);
});
