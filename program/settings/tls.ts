import type {
  CertificateSource,
  EcdsaKey,
  KeySpec,
  RsaKey,
  Subject,
  Validity,
} from "../../components/index.ts";

/** The certificate authority and the apps' certificates. */
export interface TlsSettings extends Omit<EcdsaKey, "algorithm">, Omit<RsaKey, "algorithm"> {
  /**
   * Whether the apps are served over https. Off where a gateway in front ends TLS; `traefik.redirect` is then `none`.
   * @default true
   */
  readonly enabled?: boolean | undefined;
  /**
   * Algorithm of the keys, which decides the hash of the signatures: RSA signs with SHA-256, and with no other.
   * @default "ECDSA"
   */
  readonly algorithm?: KeySpec["algorithm"] | undefined;
  /** Subject of every certificate; the common name is the authority's own, and a leaf's is its host. */
  readonly subject?: SubjectSettings | undefined;
  /**
   * Where the certificates of all apps come from that do not say it themselves, as one for `*.example.org`.
   * @default `{ kind: "authority" }`
   */
  readonly source?: CertificateSource | undefined;
  /** The certificate authority. */
  readonly authority?: AuthoritySettings | undefined;
  /** The apps' certificates. */
  readonly certificates?: CertificateSettings | undefined;
}

/** Subject of every certificate. */
export interface SubjectSettings extends Subject {
  /** `O`: organization. @default the project's name */
  readonly organization?: string | undefined;
  /** `OU`: unit of the organization. @default the stack's name */
  readonly organizationalUnit?: string | undefined;
}

/** The certificate authority. */
export interface AuthoritySettings extends Omit<Validity, "validityDays"> {
  /** `CN` of the authority; must not be a host's. @default `<project> <stack> CA` */
  readonly commonName?: string | undefined;
  /** Days that the authority's certificate holds. @default 3650 */
  readonly validityDays?: number | undefined;
}

/** The apps' certificates. */
export interface CertificateSettings extends Omit<Validity, "validityDays"> {
  /** Days that an app's certificate holds. @default 365 */
  readonly validityDays?: number | undefined;
}
