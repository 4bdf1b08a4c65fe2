export { CertificateAuthority, type CertificateAuthorityArgs } from "./authority.ts";
export { Certificate, type CertificateArgs } from "./certificate.ts";
export { ECDSA_CURVES, RSA_KEY_SIZES, type EcdsaKey, type KeySpec, type RsaKey } from "./key.ts";
export type { NamedSubject, Subject } from "./subject.ts";
export type { Validity } from "./validity.ts";
