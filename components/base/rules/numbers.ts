import { complaint, type Rule, rule } from "./rule.ts";

/** Largest number that a field of the Kubernetes API holds: most are of Go's type `int32`. */
const INT32 = 2 ** 31 - 1;

/** A whole number between two others; `unit` is said after "a whole number". */
export const whole = (from: number, to = INT32, unit = ""): Rule<number> =>
  complaint((value) => {
    const ok = Number.isInteger(value) && value >= from && value <= to;
    if (ok) return undefined;
    const most = to !== INT32 || value > INT32 ? ` to ${to}` : "";
    return `must be a whole number${unit && ` of ${unit}`} from ${from}${most}`;
  });

/** A number of pods, revisions and the like, none included. */
export const count = whole(0);

/** A number of which there is at least one. */
export const positive = whole(1);

/** Seconds, none included. */
export const seconds = whole(0, INT32, "seconds");

/** Bytes, none included; Traefik keeps them as Go's `int64`. */
export const bytes = rule<number>(
  "must be a number of bytes",
  (value) => Number.isSafeInteger(value) && value >= 0,
);

/** A size in bytes where Traefik takes 0 for its default, so that 0 would not be what it says. */
export const byteSize = rule<number>(
  "must be a whole number of bytes of at least 1; leave it out for the default",
  (value) => Number.isSafeInteger(value) && value >= 1,
);

/** A TCP or UDP port. */
export const port = rule<number>(
  "must be from 1 to 65535",
  (value) => Number.isInteger(value) && value >= 1 && value <= 65_535,
);

/** The first and the last port of a range; `undefined` where it is none. */
function portsOf(range: string): readonly [number, number] | undefined {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range)?.map(Number) ?? [];
  const isRange = port.test(first ?? 0) && port.test(last ?? 0) && (first ?? 0) <= (last ?? 0);
  return isRange ? [first ?? 0, last ?? 0] : undefined;
}

/** A range of ports, as the API server's `--service-node-port-range` has it. */
export const portRange = rule<string>(
  'must be two ports, as in "30000-40000"',
  (text) => portsOf(text) !== undefined,
);

/**
 * A port of the API server's `--service-node-port-range`, whose default is 30000-32767.
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport}.
 * @param range the cluster's; one that is none, which has to be told elsewhere, stands for the default
 */
export function nodePort(range = ""): Rule<number> {
  const [first, last] = portsOf(range) ?? [30_000, 32_767];
  return rule(
    `must be from ${first} to ${last}`,
    (value) => Number.isInteger(value) && value >= first && value <= last,
  );
}

/** A share, percent. */
export const percentage = rule<number>(
  "must be a whole percentage from 0 to 100",
  (value) => Number.isInteger(value) && value >= 0 && value <= 100,
);

/**
 * A number of pods or a percentage of them, Kubernetes' `IntOrString`.
 * Source: {@link https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/}.
 */
export const share = rule<number | string>('must be a number from 0 or a percentage, as in "25%"', (value) =>
  typeof value === "number" ? count.test(value) : /^(\d{1,2}|100)%$/.test(value),
);
