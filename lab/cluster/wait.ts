import { setTimeout as sleep } from "node:timers/promises";

import { Interrupted, LabError, messageOf } from "../base/errors.ts";
import { isInterrupted } from "../base/interrupt.ts";

export interface WaitOptions {
  /** What is waited for, as in "… is not there after 60 s". */
  readonly what: string;
  /** In seconds. */
  readonly deadline: number;
  /** Between two looks, in milliseconds. @default 200 */
  readonly interval?: number;
  /** Looked at each time; throws when waiting has become pointless. */
  readonly alive?: () => void;
  /** What to do when it did not come: usually the name of a log file. */
  readonly advice: string | (() => string);
}

/**
 * Waits for a condition. A condition that throws counts as not met, and its last error is reported.
 *
 * @throws LabError after the deadline
 */
export async function waitFor(condition: () => Promise<boolean>, options: WaitOptions): Promise<void> {
  const end = Date.now() + options.deadline * 1000;
  for (;;) {
    if (isInterrupted()) throw new Interrupted();
    let reason = "";
    try {
      if (await condition()) return;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      reason = ` (${messageOf(error)})`;
    }
    options.alive?.();
    if (Date.now() > end) {
      const advice = typeof options.advice === "string" ? options.advice : options.advice();
      throw new LabError(`${options.what}: not after ${options.deadline} s${reason}`, advice);
    }
    await sleep(options.interval ?? 200);
  }
}
