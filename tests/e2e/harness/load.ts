import { setTimeout } from "node:timers/promises";

import type { Answer, Client } from "./client.ts";

interface LoadOptions {
  /** Number of requests, at least. */
  readonly requests: number;
  /**
   * Goes on, beyond the number, until this settles.
   * @default nothing
   */
  readonly until?: Promise<unknown>;
  /** @default 8 */
  readonly concurrency?: number;
  /** @default none */
  readonly headers?: Record<string, string>;
  /**
   * Whether an answer is a good one.
   * @default status 200
   */
  readonly ok?: (answer: Answer) => boolean;
  /**
   * What good answers are counted by, such as the version in the body.
   * @default the status
   */
  readonly key?: (answer: Answer) => string;
}

/** What became of the requests of a load. */
export interface LoadReport {
  readonly sent: number;
  /** A line for each request that got no answer or a bad one, the first hundred. */
  readonly failed: readonly string[];
  /** Number of good answers by key. */
  readonly answers: Readonly<Record<string, number>>;
}

/**
 * {@link load} for as long as a change goes on, which has to succeed; no request may be lost.
 *
 * @throws Error with the requests that were lost
 */
export async function loadDuring(
  change: Promise<unknown>,
  client: Client,
  url: string,
  options: Omit<LoadOptions, "until">,
): Promise<LoadReport> {
  const report = await load(client, url, { ...options, until: change });
  await change;
  if (report.failed.length === 0) return report;
  throw new Error(`of ${report.sent} requests these were lost:\n${report.failed.join("\n")}`);
}

/** More than any test sends: a load whose end never comes stops here, and its report shows it. */
const BOUND = 100_000;

/** Milliseconds between a worker's requests once their number is reached: it watches then, and stays below the bound. */
const WATCHING = 10;

/** Sends GET requests from several workers, each waiting for its answer before it asks again. */
export async function load(
  client: Client,
  url: string,
  { requests, until, concurrency = 8, headers = {}, ok = ({ status }) => status === 200, key }: LoadOptions,
): Promise<LoadReport> {
  const failed: string[] = [];
  const answers: Record<string, number> = {};
  let sent = 0;
  let busy = until !== undefined;
  const settled = Promise.allSettled([until]).then(() => {
    busy = false;
  });
  const worker = async (): Promise<void> => {
    while ((sent < requests || busy) && sent < BOUND) {
      const number = ++sent;
      const failure = await ask(number).catch(String);
      if (failure !== undefined && failed.length < 100) failed.push(`request ${number}: ${failure}`);
      if (number >= requests) await setTimeout(WATCHING);
    }
  };
  const ask = async (number: number): Promise<string | undefined> => {
    const answer = await client.get(url, headers);
    if (!ok(answer)) return `${answer.status} ${answer.body.slice(0, 200)}`;
    const counted = key?.(answer) ?? String(answer.status);
    answers[counted] = (answers[counted] ?? 0) + 1;
    return number >= BOUND ? "the load never ended" : undefined;
  };
  await Promise.all([settled, ...Array.from({ length: concurrency }, worker)]);
  return { sent, failed, answers };
}
