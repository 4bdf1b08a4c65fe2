import { rule } from "./rule.ts";

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
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

/**
 * A Kubernetes resource quantity, `250m` or `64Mi`.
 * Source: {@link https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/}.
 */
export const quantity = rule<string>('must be a quantity, as in "250m" or "64Mi"', (text) =>
  /^\d+(\.\d+)?([eE][+-]?\d+|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.test(text),
);

/** The size of a volume. */
export const size = rule<string>(
  'must be a size above zero, as in "10Gi"',
  (text) => quantity.test(text) && amount(text) > 0,
);
