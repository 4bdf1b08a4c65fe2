import fc from "fast-check";

import { configurations } from "./generate.ts";
import type { Oracle, Verdict } from "./oracle.ts";

/** How many configurations were refused, and how many served. */
export type Tally = Readonly<Record<Verdict, number>>;

/** What a property is run with. */
export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
  /** Milliseconds after which a counterexample is told as small as it is by then. */
  readonly interruptAfterTimeLimit: number;
}

/**
 * Judges generated configurations; each counterexample is made as small as it can be.
 * @throws with the seed, the smallest counterexample and what is wrong with it
 */
export async function judgeMany(oracle: Oracle, runs: Runs): Promise<Tally> {
  const tally = { refused: 0, served: 0 };
  const property = fc.asyncProperty(configurations, async (configuration) => {
    tally[await oracle.judge(configuration)] += 1;
  });
  await fc.assert(property, { ...runs, markInterruptAsFailure: true });
  return tally;
}
