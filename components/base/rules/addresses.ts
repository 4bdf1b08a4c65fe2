import { BlockList, isIP } from "node:net";

import { complaint, rule } from "./rule.ts";

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

/** Kind of an address, 4 or 6; 0 for anything else. Kubernetes takes no zones (`fe80::1%eth0`). */
const version = (text: string): number => (text.includes("%") ? 0 : isIP(text));

/** An IPv4 or IPv6 address. */
export const address = rule<string>("must be an IPv4 or IPv6 address", (text) => version(text) !== 0);

/**
 * An address that an endpoint or external address may be.
 * Source: the API server's validation of Endpoints and `externalIPs`.
 */
export const reachable = complaint<string>((text) => {
  if (!address.test(text)) return address.allowed as string;
  const reserved = RESERVED.find(([, list]) => list.check(text, family(text)));
  return reserved && `must not be ${reserved[0]}`;
});

function isCidr(text: string): boolean {
  const [base = "", length, ...rest] = text.split("/");
  if (version(base) === 0 || rest.length > 0 || length === undefined) return false;
  return /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= (version(base) === 4 ? 32 : 128);
}

/** A network in CIDR notation, `10.0.0.0/8`. Source: {@link https://www.rfc-editor.org/rfc/rfc4632#section-3.1}. */
export const cidr = rule<string>('must be a network in CIDR notation, as "10.0.0.0/8"', isCidr);

/** An address, or a network in CIDR notation. */
export const addressOrCidr = rule<string>(
  'must be an address or a network in CIDR notation, as "10.0.0.0/8"',
  (text) => isCidr(text) || address.test(text),
);

/** Whether two texts are the same address, however IPv6 is abbreviated. */
export function sameAddress(one: string, other: string): boolean {
  if (isIP(one) === 0 || isIP(other) === 0) return false;
  const list = new BlockList();
  list.addAddress(one, family(one));
  return list.check(other, family(other));
}
