import { isIP } from "node:net";

import { isCidr } from "../../base/checks.ts";
import type { Problems } from "../../base/errors.ts";
import { checkDuration } from "./duration.ts";

/** How the client's address is found behind proxies. Without it, it is the connection's. */
export interface IpStrategy {
  /** Position in `X-Forwarded-For`, counted from the right; 1 is what the nearest proxy saw. */
  readonly depth?: number | undefined;
  /** Proxies' addresses or CIDRs; the rightmost address of `X-Forwarded-For` that is none of them is the client's. */
  readonly excludedIPs?: readonly string[] | undefined;
  /** Prefix length within which IPv6 addresses are one client: 64. */
  readonly ipv6Subnet?: number | undefined;
}

/** What makes requests come from one source. One of the three. */
export interface SourceCriterion {
  readonly ipStrategy?: IpStrategy | undefined;
  /** Header whose value names the source. */
  readonly requestHeaderName?: string | undefined;
  /** The host asked for. */
  readonly requestHost?: boolean | undefined;
}

/**
 * Lets only these addresses in; 403 for the others. What is seen is the address the connection comes from: a Service with
 * `externalTrafficPolicy: Cluster` shows a node's address instead of the client's.
 */
export interface IpAllowList {
  /** Addresses or CIDRs: `10.0.0.0/8`. */
  readonly sourceRange: readonly string[];
  readonly ipStrategy?: IpStrategy | undefined;
  /** Status of the answer to the others. @default 403 */
  readonly rejectStatusCode?: number | undefined;
}

/** Bounds the rate of requests from each source; 429 beyond it. Each Traefik replica counts for itself. */
export interface RateLimit {
  /** Requests per `period`. */
  readonly average: number;
  /** Seconds, or a duration: `1m`. @default "1s" */
  readonly period?: string | number | undefined;
  /** Requests that may come at once. @default 1 */
  readonly burst?: number | undefined;
  /** @default the connection's address */
  readonly sourceCriterion?: SourceCriterion | undefined;
}

/** Bounds the requests in progress at once from each source; 429 beyond it. */
export interface InFlightReq {
  /** Requests in progress at once. */
  readonly amount: number;
  /** @default the host asked for: all clients together */
  readonly sourceCriterion?: SourceCriterion | undefined;
}

const ADDRESS = "must be an address or a CIDR: 10.0.0.0/8";
const isAddress = (text: string): boolean => isIP(text) !== 0 || isCidr(text);
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 1;

/** Records what is wrong with a list of addresses and CIDRs. */
export function checkAddresses(problems: Problems, key: string, addresses: readonly string[]): void {
  problems.unless(addresses.length > 0, key, undefined, "must hold at least one address or CIDR");
  for (const [index, address] of addresses.entries()) {
    problems.unless(isAddress(address), `${key}[${index}]`, address, ADDRESS);
  }
}

export function checkIpAllowList(problems: Problems, key: string, args: IpAllowList): void {
  checkAddresses(problems, `${key}.sourceRange`, args.sourceRange);
  const { rejectStatusCode: code } = args;
  if (code !== undefined) {
    const ok = Number.isInteger(code) && code >= 100 && code <= 599;
    problems.unless(ok, `${key}.rejectStatusCode`, code, "must be from 100 to 599");
  }
  checkIpStrategy(problems, `${key}.ipStrategy`, args.ipStrategy);
}

function checkIpStrategy(problems: Problems, key: string, strategy: IpStrategy | undefined): void {
  const { depth, excludedIPs, ipv6Subnet } = strategy ?? {};
  if (depth !== undefined) {
    problems.unless(isCount(depth), `${key}.depth`, depth, "must be a whole number of at least 1");
    problems.unless(excludedIPs === undefined, `${key}.excludedIPs`, excludedIPs, "is ignored beside depth");
  }
  for (const [index, address] of (excludedIPs ?? []).entries()) {
    problems.unless(isAddress(address), `${key}.excludedIPs[${index}]`, address, ADDRESS);
  }
  if (ipv6Subnet !== undefined) {
    const ok = Number.isInteger(ipv6Subnet) && ipv6Subnet >= 1 && ipv6Subnet <= 128;
    problems.unless(ok, `${key}.ipv6Subnet`, ipv6Subnet, "must be from 1 to 128");
  }
}

function checkSource(problems: Problems, key: string, source: SourceCriterion | undefined): void {
  if (source === undefined) return;
  const given = Object.entries(source).filter(([, value]) => value !== undefined && value !== false);
  problems.unless(
    given.length === 1,
    key,
    source,
    "must be one of ipStrategy, requestHeaderName, requestHost",
  );
  checkIpStrategy(problems, `${key}.ipStrategy`, source.ipStrategy);
}

export function checkRateLimit(problems: Problems, key: string, args: RateLimit): void {
  problems.unless(
    isCount(args.average),
    `${key}.average`,
    args.average,
    "must be a whole number of at least 1",
  );
  if (args.burst !== undefined) {
    problems.unless(isCount(args.burst), `${key}.burst`, args.burst, "must be a whole number of at least 1");
  }
  checkDuration(problems, `${key}.period`, args.period);
  checkSource(problems, `${key}.sourceCriterion`, args.sourceCriterion);
}

export function checkInFlightReq(problems: Problems, key: string, args: InFlightReq): void {
  problems.unless(isCount(args.amount), `${key}.amount`, args.amount, "must be a whole number of at least 1");
  checkSource(problems, `${key}.sourceCriterion`, args.sourceCriterion);
}
