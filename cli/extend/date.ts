import { daysUntil } from "../expire/due.ts";

/** Units of a term, in days; months and years go by the calendar. */
const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** What a term may be, in words. */
export const TERM = "must be a term such as 7d, 2w, 3m or 1y, a date such as 2027-01-31, or never";

/**
 * The day until which a stack is extended; `undefined` where what was given is none of what it may be.
 *
 * A term counts from the stack's own day as long as that has not passed, else from today.
 * @param given a term, `7d`, `2w`, `3m`, `1y`, a date, or `never`
 */
export function extendedTo(given: string, expires: string | undefined, today: Date): string | undefined {
  if (given === "never") return given;
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) return isDate(given) ? given : undefined;
  const [, count = "", unit = ""] = /^([1-9]\d{0,3})([dwmy])$/.exec(given) ?? [];
  if (count === "") return undefined;
  const current =
    expires !== undefined && isDate(expires) && daysUntil(expires, today) >= 0 ? expires : undefined;
  return later(current ?? dateOf(today), Number(count), unit);
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 10);

const isDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dateOf(new Date(time)) === text;
};

function later(from: string, count: number, unit: string): string {
  const date = new Date(`${from}T00:00:00Z`);
  const days = DAYS[unit];
  if (days !== undefined) date.setUTCDate(date.getUTCDate() + count * days);
  else {
    const day = date.getUTCDate();
    date.setUTCMonth(date.getUTCMonth() + (unit === "y" ? 12 * count : count));
    // The 31st of a month that has none becomes its last day, not the next month's first.
    if (date.getUTCDate() !== day) date.setUTCDate(0);
  }
  return dateOf(date);
}
