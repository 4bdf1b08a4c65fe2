const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The seconds of a duration, `90m`, `8h` or `30d`; `undefined` for what is none. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d*)([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
