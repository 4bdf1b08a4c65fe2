import { createHash } from "node:crypto";

/** How a certificate is recognised: its SHA-256, as browsers and `openssl x509 -fingerprint -sha256` write it. */
export function fingerprintOf(pem: string): string {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem)?.[1] ?? "";
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex").toUpperCase();
  return digest.replace(/..(?!$)/g, "$&:");
}
