import { rule } from "./rule.ts";

/**
 * A duration as Traefik takes it: a number of seconds, or Go's text with units.
 * Source: {@link https://pkg.go.dev/time#ParseDuration}, and Traefik's `types.Duration`, to which a bare number is seconds.
 */
export const duration = rule<number | string>(
  'must be seconds or a duration, such as "500ms" or "1m30s"',
  (value) =>
    typeof value === "number"
      ? value > 0 && Number.isFinite(value)
      : /^(\d+|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/.test(value),
);
