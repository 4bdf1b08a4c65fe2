import type { Problems } from "../../base/errors.ts";
import { defined } from "../../base/values.ts";
import { checkServiceRef, serviceSpec } from "../service-ref.ts";
import {
  answerCode,
  bytes,
  complaint,
  duration,
  headerName,
  rule,
  byteSize,
  statusRange,
  whole,
} from "../../base/rules/index.ts";
import type { ServiceRef } from "../service-ref.ts";

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

/** Bytes of a body that are kept, or any number of them. */
const keptBytes = rule<number>(
  "must be a number of bytes, or -1 for any",
  (value) => value === -1 || bytes.test(value),
);

const attempts = rule<number>("must be at least 2: the first try counts", whole(2).test);

export function checkRetry(args: Retry, problems: Problems): void {
  problems.check("attempts", args.attempts, attempts);
  problems.check("initialInterval", args.initialInterval, duration);
  problems.check("timeout", args.timeout, duration);
  problems.checkEach("status", args.status, statusRange);
  problems.check("maxRequestBodyBytes", args.maxRequestBodyBytes, keptBytes);
}

const METRIC =
  /^(NetworkErrorRatio\(\)|ResponseCodeRatio\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|LatencyAtQuantileMS\(\s*\d+\.\d+\s*\))\s*(<=|>=|==|!=|<|>)\s*\d+(\.\d+)?$/;

const breaker = complaint<string>((expression) => {
  const terms = expression
    .split(/&&|\|\|/)
    .map((term) => term.trim().replace(/^!?\(+(?=[A-Z])|(?<=\d)\)+$/g, ""));
  return terms.every((term) => METRIC.test(term))
    ? undefined
    : "must compare NetworkErrorRatio(), ResponseCodeRatio(500, 600, 0, 600) or LatencyAtQuantileMS(50.0) with a number";
});

export function checkCircuitBreaker(args: CircuitBreaker, problems: Problems): void {
  problems.check("expression", args.expression, breaker);
  problems.check("checkPeriod", args.checkPeriod, duration);
  problems.check("fallbackDuration", args.fallbackDuration, duration);
  problems.check("recoveryDuration", args.recoveryDuration, duration);
  problems.check("responseCode", args.responseCode, answerCode);
}

const CONDITION =
  /^!?(IsNetworkError\(\)|(Attempts|ResponseCode)\(\)\s*(<=|>=|==|!=|<|>)\s*\d+|RequestMethod\(\)\s*(==|!=)\s*"[A-Z]+")$/;

/** When a request is sent again. Source: {@link https://github.com/vulcand/oxy/blob/master/buffer/threshold.go}. */
const retryExpression = rule<string>(
  "must join IsNetworkError(), Attempts() < 2, ResponseCode() == 502 and the like by && and ||",
  (text) => text.split(/&&|\|\|/).every((term) => CONDITION.test(term.trim())),
);

export function checkBuffering(
  { retryExpression: expression, ...sizes }: Buffering,
  problems: Problems,
): void {
  for (const [field, value] of Object.entries<number | undefined>(sizes))
    problems.check(field, value, byteSize);
  problems.check("retryExpression", expression, retryExpression);
}

/** A media type. Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1}. */
const mediaType = rule<string>('must be a media type, as "text/html"', (text) =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(\s*;.*)?$/.test(text),
);

export function checkCompress(args: Compress, problems: Problems): void {
  const { includedContentTypes, excludedContentTypes, encodings, defaultEncoding } = args;
  const both = includedContentTypes !== undefined && excludedContentTypes !== undefined;
  problems.unless(
    !both,
    "excludedContentTypes",
    excludedContentTypes,
    "cannot stand beside includedContentTypes",
  );
  problems.checkEach("includedContentTypes", includedContentTypes, mediaType);
  problems.checkEach("excludedContentTypes", excludedContentTypes, mediaType);
  problems.check("minResponseBodyBytes", args.minResponseBodyBytes, byteSize);
  problems.unless(encodings?.length !== 0, "encodings", [], "must hold at least one; leave it out for all");
  problems.unless(
    defaultEncoding === undefined || (encodings ?? [defaultEncoding]).includes(defaultEncoding),
    "defaultEncoding",
    defaultEncoding,
    "must be one of encodings",
  );
}

export function checkErrors(args: Errors, problems: Problems): void {
  problems.unless(args.status.length > 0, "status", undefined, "must hold at least one code or range");
  problems.checkEach("status", args.status, statusRange);
  problems.unless(args.query.startsWith("/"), "query", args.query, 'must begin with "/"');
  for (const [codes, code] of Object.entries(args.statusRewrites ?? {})) {
    problems.at("statusRewrites").checkName(codes, statusRange);
    problems.at("statusRewrites").check(codes, code, answerCode);
  }
  problems.checkEach("errorRequestHeaders", args.errorRequestHeaders, headerName);
  checkServiceRef(args.service, problems.at("service"));
}
