/** Powers of ten, or of two, that a suffix stands for. */
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const UNIT = DECIMAL.indexOf("");
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The smallest part that Kubernetes keeps, nano, as powers of ten. */
const FINEST = 9;

/**
 * A quantity in a form that the API server keeps, `500m` for `0.5` and `1536Mi` for `1.5Gi`. It takes any form and stores its own,
 * with which the next field manager would conflict that applies the given one. What is no quantity stays as it is.
 * Source: {@link https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity}.
 */
export function canonicalQuantity(text: string): string {
  const [, units, fraction = "", exponent, suffix = ""] =
    /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? [];
  if (units === undefined) return text;
  const digits = BigInt(units + fraction);
  if (digits === 0n) return "0";
  if (exponent !== undefined) {
    const written = decimal(digits, Number(exponent) - fraction.length);
    return written === text.toLowerCase() ? text : written;
  }
  if (suffix === "" || !BINARY.includes(suffix)) {
    return decimal(digits, 3 * (DECIMAL.indexOf(suffix) - UNIT) - fraction.length, DECIMAL);
  }
  const bytes = digits * 1024n ** BigInt(BINARY.indexOf(suffix));
  const parts = 10n ** BigInt(fraction.length);
  return bytes % parts === 0n && bytes >= 1024n * parts
    ? binary(bytes / parts)
    : decimal(bytes, -fraction.length, DECIMAL);
}

/** {@link canonicalQuantity} of each of some quantities by name. */
export const canonicalQuantities = (quantities: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, canonicalQuantity(value)]));

/** Digits times a power of ten, with the greatest suffix, or else exponent, that leaves a whole number. */
function decimal(digits: bigint, power: number, suffixes?: readonly string[]): string {
  let [number, at] =
    power < -FINEST ? [ceil(digits, 10n ** BigInt(-FINEST - power)), -FINEST] : [digits, power];
  for (; at % 3 !== 0; at -= 1) number *= 10n;
  const greatest = suffixes === undefined ? Infinity : 3 * (suffixes.length - 1 - UNIT);
  for (; number % 1000n === 0n && at < greatest; at += 3) number /= 1000n;
  const exponent = at === 0 ? "" : `e${at}`;
  return `${number}${suffixes?.[at / 3 + UNIT] ?? exponent}`;
}

function binary(bytes: bigint): string {
  let [number, at] = [bytes, 0];
  for (; number % 1024n === 0n && at < BINARY.length - 1; at += 1) number /= 1024n;
  return `${number}${BINARY[at] ?? ""}`;
}

/** A quotient, rounded up. */
const ceil = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;
