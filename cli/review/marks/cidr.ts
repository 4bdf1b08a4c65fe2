import { isIP } from "node:net";

interface Range {
  readonly version: number;
  readonly address: bigint;
  readonly length: number;
}

/** The ranges of `wider` that lie in none of `narrower`; a text that is no range counts as itself. */
export function widened(narrower: readonly string[], wider: readonly string[]): readonly string[] {
  const known = narrower.flatMap((text) => rangeOf(text) ?? []);
  return wider.filter((text) => {
    if (narrower.includes(text)) return false;
    const range = rangeOf(text);
    return range === undefined || !known.some((outer) => covers(outer, range));
  });
}

function covers(outer: Range, inner: Range): boolean {
  if (outer.version !== inner.version || outer.length > inner.length) return false;
  const shift = BigInt((outer.version === 4 ? 32 : 128) - outer.length);
  return outer.address >> shift === inner.address >> shift;
}

/** An address or a CIDR, `10.0.0.0/8`. */
function rangeOf(text: string): Range | undefined {
  const [address = "", suffix] = text.trim().split("/");
  const version = isIP(address);
  if (version === 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const length = suffix === undefined ? bits : Number(suffix);
  if (!Number.isInteger(length) || length < 0 || length > bits) return undefined;
  return { version, length, address: version === 4 ? number4(address) : number6(address) };
}

const number4 = (address: string): bigint =>
  address.split(".").reduce((number, octet) => (number << 8n) + BigInt(octet), 0n);

function number6(address: string): bigint {
  // The last 32 bits may be written as IPv4.
  const plain = address.replace(/%.*$/, "").replace(/(\d+\.){3}\d+$/, (tail) => {
    const value = number4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const groups = (text: string): string[] => text.split(":").filter((group) => group !== "");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].reduce((number, group) => (number << 16n) + BigInt(`0x${group}`), 0n);
}
