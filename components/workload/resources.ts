import { isQuantity } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";

/** Amounts by resource: `{ cpu: "250m", memory: "64Mi" }`. */
export type Quantities = Readonly<Record<string, string>>;

/** What a container is promised, and what it may not exceed. */
export interface Resources {
  /**
   * What the scheduler sets aside for it.
   * @default `{ cpu: "50m", memory: "64Mi" }`, key by key
   */
  readonly requests?: Quantities | undefined;
  /**
   * More CPU is throttled, more memory is killed.
   * @default `{ cpu: "500m", memory: "256Mi" }`, key by key, or the request where that is more
   */
  readonly limits?: Quantities | undefined;
}

const REQUESTS: Quantities = { cpu: "50m", memory: "64Mi" };
const LIMITS: Quantities = { cpu: "500m", memory: "256Mi" };

const QUANTITY = 'must be a quantity, as in "250m" or "64Mi"';

const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Number of units a quantity stands for: `64Mi` is 67108864. */
export function amount(quantity: string): number {
  const [, number = "", suffix = ""] = /^([\d.]+(?:[eE][+-]?\d+)?)(.*)$/.exec(quantity) ?? [];
  return Number(number) * (SUFFIXES[suffix] ?? 1);
}

/** Requests and limits of a container, with the defaults where nothing is given. */
export function resourceRequirements(
  { requests = {}, limits = {} }: Resources,
  key: string,
  problems: Problems,
): { requests: Record<string, string>; limits: Record<string, string> } {
  for (const [kind, quantities] of Object.entries({ requests, limits })) {
    for (const [name, quantity] of Object.entries(quantities)) {
      problems.unless(isQuantity(quantity), `${key}.${kind}.${name}`, quantity, QUANTITY);
    }
  }
  const asked = { ...REQUESTS, ...requests };
  const allowed: Record<string, string> = { ...LIMITS, ...limits };
  for (const [name, request] of Object.entries(asked)) {
    const limit = allowed[name];
    if (limit === undefined || amount(request) <= amount(limit)) continue;
    if (limits[name] === undefined) allowed[name] = request;
    else if (requests[name] === undefined) asked[name] = limit;
    else problems.add(`${key}.requests.${name}`, request, `must not exceed the limit, ${limit}`);
  }
  return { requests: asked, limits: allowed };
}
