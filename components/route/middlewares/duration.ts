import type { Problems } from "../../base/errors.ts";

/** Records a duration that Traefik refuses. A number is seconds. */
export function checkDuration(problems: Problems, key: string, value: string | number | undefined): void {
  if (value === undefined) return;
  const ok = typeof value === "number" ? value > 0 : /^(\d+(ns|us|µs|ms|s|m|h)?)+$/.test(value);
  problems.unless(ok, key, value, 'must be seconds or a duration, such as "500ms" or "1m30s"');
}
