export { type Authority, CertificateAuthority, type CertificateAuthorityArgs } from "./authority.ts";
export { Certificate, type CertificateArgs } from "./certificate.ts";
export { type IssuerRef, RequestedCertificate, type RequestedCertificateArgs } from "./requested.ts";
export { ProvidedCertificate, type ProvidedCertificateArgs } from "./provided.ts";
export type { EcdsaKey, KeySpec, RsaKey } from "./key.ts";
export type { NamedSubject, Subject } from "./subject.ts";
export type { Validity } from "./validity.ts";
