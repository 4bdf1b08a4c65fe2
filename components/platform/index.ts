export {
  type AppCertificates,
  AppPlatform,
  type Endpoint,
  type IssuedCertificate,
  type PlatformTls,
} from "./app-platform.ts";
export type {
  AcmeSource,
  AuthoritySource,
  CertificateSource,
  IssuerSource,
  PemSource,
  SecretSource,
} from "./certificate-source.ts";
export type { AcmeServer, PlatformFacts, PlatformOutputs } from "./facts.ts";
export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { type Dashboard, Platform, type PlatformArgs } from "./platform.ts";
export type { LimitRange, Quota } from "./quota.ts";
export type { Team } from "./team.ts";
export { PlatformReference, type PlatformReferenceArgs } from "./platform-reference.ts";
