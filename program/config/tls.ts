import { z } from "zod";

import { ECDSA_CURVES, RSA_KEY_SIZES } from "../../components/tls/key.ts";
import { count, filled, key, positive } from "./values.ts";

const choice = <const T extends readonly number[]>(values: T) => z.literal([...values]);

const validity = (days: number, what: string) => ({
  validityDays: key(positive, `Days that ${what} holds.`, String(days)),
  earlyRenewalDays: key(
    count,
    "Days before its end from which `pulumi up` issues it anew.",
    "a tenth of the validity, at most 30",
  ),
});

/** The certificate authority and the certificates it issues. */
export const tlsSchema = z.strictObject({
  enabled: key(
    z.boolean(),
    "Whether the apps are served over https. Off where a gateway in front ends TLS.",
    "true",
  ),
  algorithm: key(z.enum(["ECDSA", "RSA"]), "Algorithm of the keys.", "ECDSA"),
  curve: key(
    z.enum(ECDSA_CURVES),
    "Curve of ECDSA keys. It decides the signatures' hash, too: P256 SHA-256, P384 SHA-384, P521 SHA-512; RSA signs with SHA-256. Not every browser takes P521.",
    "P256",
  ),
  keySize: key(choice(RSA_KEY_SIZES), "Bits of RSA keys.", "4096"),
  subject: key(
    z.strictObject({
      country: key(
        z.string().regex(/^[A-Z]{2}$/, "must be two capital letters, as in CN"),
        "`C`: two letters.",
      ),
      province: key(filled, "`ST`: state or province."),
      locality: key(filled, "`L`: city."),
      organization: key(filled, "`O`: organization.", "the project's name"),
      organizationalUnit: key(filled, "`OU`: unit.", "the stack's name"),
    }),
    "Subject of every certificate; the common name is the authority's own, and a leaf's is its host.",
  ),
  authority: key(
    z.strictObject({
      commonName: key(
        z.string().min(1).max(64),
        "`CN` of the authority; must not be a host's.",
        "<project> <stack> CA",
      ),
      ...validity(3650, "the authority's certificate"),
    }),
    "The certificate authority.",
  ),
  certificates: key(z.strictObject(validity(365, "an app's certificate")), "The apps' certificates."),
});

export type TlsSettings = z.output<typeof tlsSchema>;
