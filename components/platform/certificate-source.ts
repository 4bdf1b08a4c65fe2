import type * as pulumi from "@pulumi/pulumi";

import type { IssuerRef } from "../tls/index.ts";

interface Tagged<K> {
  /** Tells it from the other sources. */
  readonly kind: K;
}

/** The platform's own authority signs it. */
export type AuthoritySource = Tagged<"authority">;

/** Somebody else keeps it in the app's namespace. */
export interface SecretSource extends Tagged<"secret"> {
  /**
   * Name of a Secret of type `kubernetes.io/tls` in the app's namespace. Until it is there, Traefik serves a certificate of its own.
   */
  readonly secretName: pulumi.Input<string>;
}

/** One that was bought, or that another authority has signed. */
export interface PemSource extends Tagged<"pem"> {
  /**
   * The certificate, PEM, and after it the intermediate ones, each of which signed the one before. Rejected where it is not for the
   * app's hosts, not valid now, or out of order.
   */
  readonly chain: pulumi.Input<string>;
  /**
   * Private key of the first certificate, PEM, without a passphrase. Rejected where it is another's.
   * @secret
   */
  readonly key: pulumi.Input<string>;
}

/**
 * cert-manager asks an issuer of its own for it, and renews it. An ACME issuer that answers challenges over http needs the stack's
 * IngressClass and the label that its Traefik goes by; see `docs/certificates.md`.
 */
export interface IssuerSource extends Tagged<"issuer">, IssuerRef {}

/**
 * Traefik itself asks an ACME server for it, and renews it: needs `acme` of the platform's Traefik. For routes that are an IngressRoute
 * or an Ingress, and hosts without `*`. Until the first is there, Traefik serves a certificate of its own.
 */
export type AcmeSource = Tagged<"acme">;

/** Where a certificate comes from. */
export type CertificateSource = AuthoritySource | SecretSource | PemSource | IssuerSource | AcmeSource;
