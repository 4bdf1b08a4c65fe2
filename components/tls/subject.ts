import type { Problems } from "../base/errors.ts";
import { hasControls, type Rule, rule } from "../base/rules/rule.ts";

/** Distinguished name of whom a certificate is about; the letters are those of `openssl req -subj`. */
export interface Subject {
  /** `C`: two letters, `CN`. */
  readonly country?: string | undefined;
  /** `ST`: state or province. */
  readonly province?: string | undefined;
  /** `L`: city. */
  readonly locality?: string | undefined;
  /** `O`: organization. */
  readonly organization?: string | undefined;
  /** `OU`: unit of the organization. */
  readonly organizationalUnit?: string | undefined;
}

/** A subject with its `CN`. */
export interface NamedSubject extends Subject {
  /** `CN`: at most 64 characters. */
  readonly commonName: string;
}

/**
 * Most characters of each part.
 * Source: the upper bounds of X.520 in {@link https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1 | RFC 5280, A.1}.
 */
const LENGTHS: { readonly [K in keyof NamedSubject]-?: number } = {
  commonName: 64,
  country: 2,
  locality: 128,
  organization: 64,
  organizationalUnit: 64,
  province: 128,
};

/** Text of a subject, without control characters. */
const text = (most: number): Rule<string> =>
  rule(
    `must have 1 to ${most} characters`,
    (value) => value !== "" && Array.from(value).length <= most && !hasControls(value),
  );

/** Code of a country. Source: {@link https://www.iso.org/iso-3166-country-codes.html | ISO 3166-1 alpha-2}. */
const country = rule<string>('must be two capital letters, as "CN"', (value) => /^[A-Z]{2}$/.test(value));

/** Records what is wrong with a subject. */
export function checkSubject(subject: Partial<NamedSubject>, problems: Problems): void {
  problems.check("country", subject.country, country);
  for (const key of ["province", "locality", "organization", "organizationalUnit", "commonName"] as const) {
    problems.check(key, subject[key], text(LENGTHS[key]));
  }
}

/** The subject with a common name where one fits; clients go by the alternative names anyway. */
export function subjectOf(subject: Subject, commonName: string): Subject & { commonName?: string } {
  return commonName.length > LENGTHS.commonName ? { ...subject } : { ...subject, commonName };
}
