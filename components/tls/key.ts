import * as tls from "@pulumi/tls";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Sizes of RSA keys, in bits. */
export const RSA_KEY_SIZES = [2048, 3072, 4096] as const;

/** Curves of ECDSA keys. P521 is the one whose signatures use SHA-512; not every browser takes it. */
export const ECDSA_CURVES = ["P256", "P384", "P521"] as const;

/**
 * Kind of a private key, which decides the hash of the signatures made with it too: RSA and P256 sign with SHA-256, P384
 * with SHA-384, P521 with SHA-512. The provider has no setting for the hash.
 * Source: {@link https://pkg.go.dev/crypto/x509#CreateCertificate}.
 */
export type KeySpec = RsaKey | EcdsaKey;

/** A key of RSA. */
export interface RsaKey {
  readonly algorithm: "RSA";
  /** Bits of RSA keys. @default 4096 */
  readonly keySize?: (typeof RSA_KEY_SIZES)[number] | undefined;
}

/** A key on an elliptic curve. */
export interface EcdsaKey {
  readonly algorithm: "ECDSA";
  /**
   * Curve of ECDSA keys. It decides the hash of the signatures, too: P256 SHA-256, P384 SHA-384, P521 SHA-512. Not every
   * browser takes P521.
   * @default "P256"
   */
  readonly curve?: (typeof ECDSA_CURVES)[number] | undefined;
}

/** A private key that lives in the stack's encrypted state. */
export function privateKey(name: string, spec: KeySpec, opts: CustomResourceOptions): tls.PrivateKey {
  const args =
    spec.algorithm === "RSA"
      ? { algorithm: spec.algorithm, rsaBits: spec.keySize ?? 4096 }
      : { algorithm: spec.algorithm, ecdsaCurve: spec.curve ?? "P256" };
  return new tls.PrivateKey(name, args, opts);
}
