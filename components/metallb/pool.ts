import { isIP } from "node:net";

import { reachable } from "../base/rules/addresses.ts";
import { broken } from "../base/rules/rule.ts";
import { isCidr, isDnsLabel, DNS_LABEL } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";

/** Addresses that MetalLB gives to Services. */
export interface AddressPool {
  /**
   * Ranges: first and last address, `192.0.2.100-192.0.2.125`, or a prefix, `192.0.2.96/27`. They must be routed to the
   * nodes' own network segment, be free there, and not be in another pool.
   */
  readonly addresses: readonly string[];
  /**
   * Whether Services get addresses from this pool without asking for it by the annotation `metallb.io/address-pool`.
   * @default true
   */
  readonly autoAssign?: boolean | undefined;
  /**
   * Leaves out addresses that end in .0 and .255, which some old equipment takes for broadcasts.
   * @default false
   */
  readonly avoidBuggyIPs?: boolean | undefined;
}

/** An address as a number, to compare ranges by. */
interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** How many addresses a pool has. */
export const poolSize = ({ addresses }: AddressPool): bigint =>
  addresses.reduce((sum, text) => sum + sizeOf(parseRange(text)), 0n);

const sizeOf = (range: Range | undefined): bigint => (range ? range.last - range.first + 1n : 0n);

/** A range of addresses; `undefined` for anything else, also where the last address is before the first. */
function parseRange(text: string): Range | undefined {
  if (isCidr(text)) {
    const [address = "", length] = text.split("/");
    const family = isIP(address) as 4 | 6;
    const hostBits = BigInt((family === 4 ? 32 : 128) - Number(length));
    const first = (toNumber(address) >> hostBits) << hostBits;
    return { family, first, last: first + (1n << hostBits) - 1n };
  }
  const [from = "", to = "", ...rest] = text.split("-").map((part) => part.trim());
  const family = isIP(from);
  if (family === 0 || family !== isIP(to) || rest.length > 0) return undefined;
  const range = { family: family as 4 | 6, first: toNumber(from), last: toNumber(to) };
  return range.first <= range.last ? range : undefined;
}

function toNumber(address: string): bigint {
  if (isIP(address) === 4) return digits(address.split("."), 8n, 10);
  // The URL parser writes an embedded IPv4 address as groups, so that there is one form left to expand.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return digits([...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail ?? "")], 16n, 16);
}

const digits = (parts: readonly string[], bits: bigint, radix: number): bigint =>
  parts.reduce((sum, part) => (sum << bits) + BigInt(parseInt(part, radix)), 0n);

const RANGE = 'must be a range, such as "192.0.2.100-192.0.2.125" or "192.0.2.96/27"';

/** Records what is wrong with pools by name. */
export function checkPools(pools: Readonly<Record<string, AddressPool>>, problems: Problems): void {
  const taken: { readonly key: string; readonly text: string; readonly range: Range }[] = [];
  problems.unless(Object.keys(pools).length > 0, "pools", undefined, "must hold at least one pool");
  for (const [name, pool] of Object.entries(pools)) {
    const key = `pools.${name}.addresses`;
    problems.unless(isDnsLabel(name), `pools.${name}`, name, DNS_LABEL);
    problems.unless(pool.addresses.length > 0, key, undefined, "must hold at least one range");
    for (const text of pool.addresses) {
      const range = parseRange(text);
      if (range === undefined) {
        problems.add(key, text, RANGE);
        continue;
      }
      const reason = broken(reachable, text.split(/[-/]/)[0]?.trim() ?? "");
      if (reason !== undefined) problems.add(key, text, reason);
      const other = taken.find((before) => overlap(before.range, range));
      if (other !== undefined) problems.add(key, text, `overlaps ${other.text} of ${other.key}`);
      taken.push({ key, text, range });
    }
  }
}

const overlap = (one: Range, other: Range): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;
