import { complaint } from "./rule.ts";

/** Nanoseconds of each of Go's units. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Most that Go's `time.Duration` holds, nanoseconds. */
const LONGEST = 2 ** 63;

/** A duration in nanoseconds; `undefined` for a text that is none. */
function nanoseconds(value: number | string): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value * 1e9 : undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1e9;
  if (!/^(\d+(ns|us|µs|ms|s|m|h))+$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+)(\D+)/g)].reduce(
    (sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? 0),
    0,
  );
}

/**
 * A duration as Traefik takes it: a number of seconds, or Go's text with units, whose numbers are whole ones.
 * Source: the patterns of Traefik's CRDs, {@link https://pkg.go.dev/time#ParseDuration}, and `types.Duration` of
 * github.com/traefik/paerser, to which a bare number is seconds. Traefik takes 0 for the default.
 */
export const duration = complaint<number | string>((value) => {
  const length = nanoseconds(value);
  if (length === undefined || length < 0)
    return 'must be whole seconds or a duration, such as "500ms" or "1m30s"';
  if (length === 0) return "must be longer than 0; leave it out for the default";
  return length < LONGEST ? undefined : "must be at most 292 years";
});
