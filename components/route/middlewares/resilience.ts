import type { Problems } from "../../base/errors.ts";
import { defined } from "../../base/values.ts";
import { checkServiceRef, serviceSpec } from "../service-ref.ts";
import type { ServiceRef } from "../service-ref.ts";
import { checkDuration } from "./duration.ts";

/** Asks again when the app does not answer. Only for methods that may be repeated, unless said otherwise. */
export interface Retry {
  /** How often a request is sent in all, at least 2. */
  readonly attempts: number;
  /** First wait; it doubles from try to try. Seconds, or a duration. @default none */
  readonly initialInterval?: string | number | undefined;
  /** Time for all tries together. @default none */
  readonly timeout?: string | number | undefined;
  /** Answers that count as failure, too: `["502-504"]`. @default none; only a lost connection does */
  readonly status?: readonly string[] | undefined;
  /** Repeats POST, PATCH and LOCK as well, so that the app may see them twice. @default false */
  readonly retryNonIdempotentMethod?: boolean | undefined;
  /** Bytes of a body kept for a repetition; -1 for any. @default 2 MiB */
  readonly maxRequestBodyBytes?: number | undefined;
}

/** Stops asking an app that fails, and answers in its place until it recovers. */
export interface CircuitBreaker {
  /**
   * When it opens, of `NetworkErrorRatio()`, `ResponseCodeRatio(from, to, from, to)` and `LatencyAtQuantileMS(50.0)`:
   * `NetworkErrorRatio() > 0.30`.
   */
  readonly expression: string;
  /** How often it looks. Seconds, or a duration. @default "100ms" */
  readonly checkPeriod?: string | number | undefined;
  /** How long it stays open. @default "10s" */
  readonly fallbackDuration?: string | number | undefined;
  /** How long it lets traffic in again little by little. @default "10s" */
  readonly recoveryDuration?: string | number | undefined;
  /** Status of the answer while it is open. @default 503 */
  readonly responseCode?: number | undefined;
}

/** Reads whole requests and answers before passing them on, and bounds their size. */
export interface Buffering {
  /** Bytes; 413 beyond. @default no limit */
  readonly maxRequestBodyBytes?: number | undefined;
  /** Bytes kept in memory rather than on disk. @default 1 MiB */
  readonly memRequestBodyBytes?: number | undefined;
  /** Bytes; 500 beyond. @default no limit */
  readonly maxResponseBodyBytes?: number | undefined;
  /** Bytes kept in memory rather than on disk. @default 1 MiB */
  readonly memResponseBodyBytes?: number | undefined;
  /** When a request is sent again: `IsNetworkError() && Attempts() < 2`. @default never */
  readonly retryExpression?: string | undefined;
}

/** Compresses answers, where the client can read it. */
export interface Compress {
  /** Encodings in order of preference. @default ["gzip", "br", "zstd"] */
  readonly encodings?: readonly ("gzip" | "br" | "zstd")[] | undefined;
  /** Types that are left alone. */
  readonly excludedContentTypes?: readonly string[] | undefined;
  /** The only types that are compressed. */
  readonly includedContentTypes?: readonly string[] | undefined;
  /** Answers of fewer bytes are left alone. @default 1024 */
  readonly minResponseBodyBytes?: number | undefined;
  /** What is used when the client accepts anything. */
  readonly defaultEncoding?: "gzip" | "br" | "zstd" | undefined;
}

/** Puts a Service's page in place of the app's errors. The status stays the app's unless it is rewritten. */
export interface Errors {
  /** Codes and ranges: `["404", "500-599"]`. */
  readonly status: readonly string[];
  /** Service of the same namespace that has the pages. */
  readonly service: ServiceRef;
  /** Path of the page; `{status}`, `{originalStatus}` and `{url}` are filled in: `/{status}.html`. */
  readonly query: string;
  /** Other codes for the client: `{ "418": 404 }`. */
  readonly statusRewrites?: Readonly<Record<string, number>> | undefined;
  /** Request headers the page's Service sees. @default all */
  readonly errorRequestHeaders?: readonly string[] | undefined;
}

/** The `errors` part of a Middleware. */
export const errorsSpec = ({ service, ...rest }: Errors): object =>
  defined({ ...rest, service: serviceSpec(service) });

const isBytes = (bytes: number): boolean => Number.isSafeInteger(bytes) && bytes >= 0;
const isStatus = (range: string): boolean =>
  /^[1-5]\d{2}(-[1-5]\d{2})?(,[1-5]\d{2}(-[1-5]\d{2})?)*$/.test(range);

/** Records a list of status codes that Traefik refuses. */
export function checkStatusRanges(problems: Problems, key: string, ranges: readonly string[]): void {
  for (const [index, range] of ranges.entries()) {
    problems.unless(
      isStatus(range),
      `${key}[${index}]`,
      range,
      'must be a code or a range: "404" or "500-599"',
    );
  }
}

export function checkRetry(problems: Problems, key: string, args: Retry): void {
  const ok = Number.isInteger(args.attempts) && args.attempts >= 2;
  problems.unless(ok, `${key}.attempts`, args.attempts, "must be at least 2: the first try counts");
  checkDuration(problems, `${key}.initialInterval`, args.initialInterval);
  checkDuration(problems, `${key}.timeout`, args.timeout);
  checkStatusRanges(problems, `${key}.status`, args.status ?? []);
}

const METRIC =
  /^(NetworkErrorRatio\(\)|ResponseCodeRatio\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|LatencyAtQuantileMS\(\s*\d+\.\d+\s*\))\s*(<=|>=|==|!=|<|>)\s*\d+(\.\d+)?$/;

export function checkCircuitBreaker(problems: Problems, key: string, args: CircuitBreaker): void {
  const terms = args.expression
    .split(/&&|\|\|/)
    .map((term) => term.trim().replace(/^!?\(+(?=[A-Z])|(?<=\d)\)+$/g, ""));
  const wrong = terms.find((term) => !METRIC.test(term));
  problems.unless(
    wrong === undefined,
    `${key}.expression`,
    wrong,
    "must compare NetworkErrorRatio(), ResponseCodeRatio(500, 600, 0, 600) or LatencyAtQuantileMS(50.0) with a number",
  );
  checkDuration(problems, `${key}.checkPeriod`, args.checkPeriod);
  checkDuration(problems, `${key}.fallbackDuration`, args.fallbackDuration);
  checkDuration(problems, `${key}.recoveryDuration`, args.recoveryDuration);
}

export function checkBuffering(problems: Problems, key: string, args: Buffering): void {
  for (const [field, value] of Object.entries(args)) {
    if (typeof value === "number") {
      problems.unless(isBytes(value), `${key}.${field}`, value, "must be a number of bytes");
    }
  }
}

export function checkCompress(problems: Problems, key: string, args: Compress): void {
  const both = args.includedContentTypes !== undefined && args.excludedContentTypes !== undefined;
  problems.unless(
    !both,
    `${key}.excludedContentTypes`,
    args.excludedContentTypes,
    "cannot stand beside includedContentTypes",
  );
}

export function checkErrors(problems: Problems, key: string, args: Errors): void {
  problems.unless(args.status.length > 0, `${key}.status`, undefined, "must hold at least one code or range");
  checkStatusRanges(problems, `${key}.status`, args.status);
  problems.unless(args.query.startsWith("/"), `${key}.query`, args.query, 'must begin with "/"');
  checkServiceRef(problems, `${key}.service`, args.service);
}
