import type { Problems } from "../base/errors.ts";
import { complaint, count } from "../base/rules/index.ts";

/** How long a certificate holds. */
export interface Validity {
  /** Days from its issue to its end. */
  readonly validityDays: number;
  /**
   * Days before its end from which `up` issues it anew; before that, none does.
   * @default a tenth of the validity, at most 30
   */
  readonly earlyRenewalDays?: number | undefined;
}

/** The validity in the hours that the provider takes. */
export function validityHours(validity: Validity): {
  validityPeriodHours: number;
  earlyRenewalHours: number;
} {
  const { validityDays, earlyRenewalDays = Math.min(30, Math.floor(validityDays / 10)) } = validity;
  return { validityPeriodHours: validityDays * 24, earlyRenewalHours: earlyRenewalDays * 24 };
}

const DAY_MS = 86_400_000;

/** Days before the end of a certificate from which it is told. */
export const SOON_DAYS = 30;

/** Whole days until a certificate ends; negative where it has. */
export const daysUntil = (validityEnd: string | Date, now = new Date()): number =>
  Math.floor((new Date(validityEnd).getTime() - now.getTime()) / DAY_MS);

/** Whether a certificate ends within {@link SOON_DAYS}, or has ended. */
export const endsSoon = (validityEnd: string, now = new Date()): boolean =>
  daysUntil(validityEnd, now) < SOON_DAYS;

/**
 * A certificate ends in a year of four digits at the latest.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5}.
 */
const validity = complaint<number>((days) => {
  if (!Number.isInteger(days) || days < 1) return "must be 1 or more whole days";
  const most = Math.floor((Date.UTC(9999, 11, 31) - Date.now()) / DAY_MS);
  return days > most ? "must be fewer days: the certificate would end after the year 9999" : undefined;
});

/** Records what is wrong with a validity. */
export function checkValidity({ validityDays, earlyRenewalDays = 0 }: Validity, problems: Problems): void {
  problems.check("validityDays", validityDays, validity);
  problems.unless(
    count.test(earlyRenewalDays) && (earlyRenewalDays < validityDays || earlyRenewalDays === 0),
    "earlyRenewalDays",
    earlyRenewalDays,
    `must be whole days below the ${validityDays} of validityDays, or every up would issue it anew`,
  );
}
