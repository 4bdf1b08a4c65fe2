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
 * Longest common name, `ub-common-name`.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1 | RFC 5280, A.1}.
 */
export const COMMON_NAME_LENGTH = 64;

/** The subject with a common name where one fits; clients go by the alternative names anyway. */
export function subjectOf(subject: Subject, commonName: string): Subject & { commonName?: string } {
  return commonName.length > COMMON_NAME_LENGTH ? { ...subject } : { ...subject, commonName };
}
