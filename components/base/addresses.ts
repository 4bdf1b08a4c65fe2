import { BlockList, isIP } from "node:net";

/** Addresses that mean something else on every machine, so that no Service can lead to them. */
const RESERVED: readonly (readonly [kind: string, ranges: BlockList])[] = [
  ["an unspecified address", ranges(["0.0.0.0", 32], ["::", 128])],
  ["a loopback address", ranges(["127.0.0.0", 8], ["::1", 128])],
  ["a link-local address", ranges(["169.254.0.0", 16], ["fe80::", 10])],
  ["a multicast address", ranges(["224.0.0.0", 4], ["ff00::", 8])],
];

function ranges(...subnets: [address: string, length: number][]): BlockList {
  const list = new BlockList();
  for (const [address, length] of subnets) list.addSubnet(address, length, family(address));
  return list;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/**
 * What keeps an address from being an endpoint or an external address, as a phrase; `undefined` if nothing does.
 * Source: the API server's validation of Endpoints and `externalIPs`.
 */
export function unusable(address: string): string | undefined {
  if (isIP(address) === 0) return "must be an IPv4 or IPv6 address";
  const reserved = RESERVED.find(([, list]) => list.check(address, family(address)));
  return reserved && `must not be ${reserved[0]}`;
}

/** Whether two texts are the same address, however IPv6 is abbreviated. */
export function sameAddress(one: string, other: string): boolean {
  if (isIP(one) === 0 || isIP(other) === 0) return false;
  const list = new BlockList();
  list.addAddress(one, family(one));
  return list.check(other, family(other));
}
