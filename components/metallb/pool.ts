import type { Problems } from "../base/errors.ts";
import {
  type AddressRange as Range,
  broken,
  complaint,
  dnsLabel,
  overlap,
  parseRange,
  reachable,
  rule,
} from "../base/rules/index.ts";

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

/** How many addresses a pool has. */
export const poolSize = ({ addresses }: AddressPool): bigint =>
  addresses.reduce((sum, text) => sum + sizeOf(parseRange(text)), 0n);

const sizeOf = (range: Range | undefined): bigint => (range ? range.last - range.first + 1n : 0n);

const range = rule<string>(
  'must be a range, such as "192.0.2.100-192.0.2.125" or "192.0.2.96/27"',
  (text) => parseRange(text) !== undefined,
);

/** The first address of a range is one that a Service may have. */
const reachableRange = complaint<string>((text) => broken(reachable, text.split(/[-/]/)[0]?.trim() ?? ""));

/** Records what is wrong with pools by name. */
export function checkPools(pools: Readonly<Record<string, AddressPool>>, problems: Problems): void {
  const taken: { readonly key: string; readonly text: string; readonly range: Range }[] = [];
  problems.unless(Object.keys(pools).length > 0, "pools", undefined, "must hold at least one pool");
  for (const [name, { addresses }] of Object.entries(pools)) {
    const key = `pools.${name}.addresses`;
    problems.check(`pools.${name}`, name, dnsLabel);
    problems.unless(addresses.length > 0, key, undefined, "must hold at least one range");
    for (const text of addresses) {
      problems.check(key, text, range);
      const parsed = parseRange(text);
      if (parsed === undefined) continue;
      problems.check(key, text, reachableRange);
      const other = taken.find((before) => overlap(before.range, parsed));
      problems.unless(other === undefined, key, text, `overlaps ${other?.text ?? ""} of ${other?.key ?? ""}`);
      taken.push({ key, text, range: parsed });
    }
  }
}
