import { setTimeout } from "node:timers/promises";

interface WaitOptions {
  /** What is waited for, as the end of "waited 30 s for …". */
  readonly message: string;
  /**
   * Milliseconds after which it fails.
   * @default 60000
   */
  readonly deadline?: number;
}

/** Milliseconds between two looks. */
const INTERVAL = 250;

/**
 * Looks again and again until there is something: anything but `undefined` and `false`. An error counts as nothing, and is
 * reported when the deadline passes.
 */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  { message, deadline = 60_000 }: WaitOptions,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + deadline;
  let last: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
      last = found;
    } catch (error) {
      last = error;
    }
    await setTimeout(INTERVAL);
  } while (Date.now() < end);
  const state = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${deadline / 1000} s for ${message}; last: ${state}`);
}
