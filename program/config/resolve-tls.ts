import type { StackInfo } from "../../components/base/stack.ts";
import type { CertificateAuthorityArgs, KeySpec, Subject, Validity } from "../../components/tls/index.ts";
import type { TlsSettings } from "../settings/index.ts";
import type { AppConfig } from "./resolve-app.ts";

/** The certificates of a stack. */
export interface TlsConfig {
  /** `undefined` where another stack's authority signs, or all certificates come from elsewhere. */
  readonly authority: CertificateAuthorityArgs | undefined;
  readonly certificates: Validity & { readonly key: KeySpec; readonly subject: Subject };
}

/** Days that certificates hold: the authority's, and an app's. */
const VALIDITY_DAYS = { authority: 3650, certificate: 365 };

/** Whether the stack's authority signs: it does where nothing is published yet, so that clients need not trust another one later. */
export function isSigner(apps: readonly AppConfig[], tls: TlsSettings | undefined): boolean {
  const published = apps.filter(({ spec }) => spec.hosts.length > 0).map(({ spec }) => spec.certificate);
  const sources = published.length > 0 ? published : [tls?.source];
  return sources.some((source) => source === undefined || source.kind === "authority");
}

/** Certificates, or `false` where TLS is off. */
export function tlsOf(tls: TlsSettings, signs: boolean, { project, stack }: StackInfo): TlsConfig | false {
  if (tls.enabled === false) return false;
  const key: KeySpec =
    tls.algorithm === "RSA"
      ? { algorithm: "RSA", keySize: tls.keySize }
      : { algorithm: "ECDSA", curve: tls.curve };
  const subject = { organization: project, organizationalUnit: stack, ...tls.subject };
  const { commonName = `${project} ${stack} CA`, ...authority } = tls.authority ?? {};
  return {
    authority: signs
      ? { ...validityOf(authority, VALIDITY_DAYS.authority), key, subject: { ...subject, commonName } }
      : undefined,
    certificates: { ...validityOf(tls.certificates, VALIDITY_DAYS.certificate), key, subject },
  };
}

type Unset<T> = { readonly [K in keyof T]?: T[K] | undefined };

const validityOf = ({ validityDays, earlyRenewalDays }: Unset<Validity> = {}, days: number): Validity => ({
  validityDays: validityDays ?? days,
  earlyRenewalDays,
});
