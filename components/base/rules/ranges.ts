import { isIP } from "node:net";

import { cidr } from "./addresses.ts";

/** Addresses from one to another, as numbers to compare by. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A range of addresses; `undefined` for anything else, also where the last address is before the first. */
export function parseRange(text: string): AddressRange | undefined {
  if (cidr.test(text)) {
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

/** Whether two ranges share an address. */
export const overlap = (one: AddressRange, other: AddressRange): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;

/** Whether networks hold every address of a family together: `0.0.0.0/1` and `128.0.0.0/1` do. */
export const coverEverything = (networks: readonly string[]): boolean => {
  const ranges = networks.flatMap((network) => parseRange(network) ?? []);
  return ([4, 6] as const).some((family) => {
    const sorted = ranges
      .filter((range) => range.family === family)
      .toSorted((one, other) => (one.first < other.first ? -1 : 1));
    const reached = sorted.reduce(
      (next, { first, last }) => (first <= next && last >= next ? last + 1n : next),
      0n,
    );
    return reached === 1n << (family === 4 ? 32n : 128n);
  });
};
