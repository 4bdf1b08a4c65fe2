import type { Problems } from "../base/errors.ts";

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

/** Records what is wrong with a validity whose keys begin with `prefix`. */
export function checkValidity(
  prefix: string,
  { validityDays, earlyRenewalDays }: Validity,
  problems: Problems,
): void {
  problems.unless(
    Number.isInteger(validityDays) && validityDays >= 1,
    `${prefix}validityDays`,
    validityDays,
    "must be 1 or more whole days",
  );
  if (earlyRenewalDays === undefined) return;
  problems.unless(
    Number.isInteger(earlyRenewalDays) && earlyRenewalDays >= 0 && earlyRenewalDays < validityDays,
    `${prefix}earlyRenewalDays`,
    earlyRenewalDays,
    `must be whole days below the ${validityDays} of validityDays, or every up would issue it anew`,
  );
}
