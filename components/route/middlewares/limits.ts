import type { Problems } from "../../base/errors.ts";
import {
  addressOrCidr,
  answerCode,
  complaint,
  duration,
  headerName,
  rule,
  whole,
} from "../../base/rules/index.ts";

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

/** A number of requests. */
const amount = rule<number>(
  "must be a whole number of at least 1",
  (value) => Number.isSafeInteger(value) && value >= 1,
);

/** Requests in a period, which Traefik multiplies by the nanoseconds of a second. */
const average = complaint<number>((value) => {
  if (!amount.test(value)) return amount.allowed as string;
  return value <= MOST_REQUESTS ? undefined : `must be at most ${MOST_REQUESTS}`;
});

/** What Go's `int64` holds of nanoseconds, in seconds. */
const MOST_REQUESTS = 9_223_372_036;

/** Length of an IPv6 prefix. */
const ipv6Prefix = rule<number>("must be from 1 to 128", whole(1, 128).test);

/** Records what is wrong with a list of addresses and networks. */
export function checkAddresses(key: string, addresses: readonly string[], problems: Problems): void {
  problems.unless(addresses.length > 0, key, undefined, "must hold at least one address or CIDR");
  problems.checkEach(key, addresses, addressOrCidr);
}

export function checkIpAllowList(args: IpAllowList, problems: Problems): void {
  checkAddresses("sourceRange", args.sourceRange, problems);
  problems.check("rejectStatusCode", args.rejectStatusCode, answerCode);
  checkIpStrategy(args.ipStrategy ?? {}, problems.at("ipStrategy"));
}

function checkIpStrategy({ depth, excludedIPs, ipv6Subnet }: IpStrategy, problems: Problems): void {
  problems.check("depth", depth, amount);
  const both = depth !== undefined && excludedIPs !== undefined;
  problems.unless(!both, "excludedIPs", excludedIPs, "is ignored beside depth");
  problems.checkEach("excludedIPs", excludedIPs, addressOrCidr);
  problems.check("ipv6Subnet", ipv6Subnet, ipv6Prefix);
  const counted = ipv6Subnet === undefined || excludedIPs === undefined;
  problems.unless(counted, "ipv6Subnet", ipv6Subnet, "is ignored beside excludedIPs");
}

function checkSource(source: SourceCriterion, problems: Problems): void {
  const given = Object.values(source).filter((value) => value !== undefined && value !== false);
  const one = "must be one of ipStrategy, requestHeaderName, requestHost";
  problems.unless(given.length === 1, "", source, one);
  problems.check("requestHeaderName", source.requestHeaderName, headerName);
  checkIpStrategy(source.ipStrategy ?? {}, problems.at("ipStrategy"));
}

export function checkRateLimit(args: RateLimit, problems: Problems): void {
  problems.check("average", args.average, average);
  problems.check("burst", args.burst, amount);
  problems.check("period", args.period, duration);
  if (args.sourceCriterion !== undefined) checkSource(args.sourceCriterion, problems.at("sourceCriterion"));
}

export function checkInFlightReq(args: InFlightReq, problems: Problems): void {
  problems.check("amount", args.amount, amount);
  if (args.sourceCriterion !== undefined) checkSource(args.sourceCriterion, problems.at("sourceCriterion"));
}
