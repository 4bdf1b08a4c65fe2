import { createHash } from "node:crypto";

/** Longest name of a Secret, less what is appended to it. */
const LENGTH = 240;

/**
 * Name of the Secret with the certificate of a set of hosts: `shop.example.org-tls`. Of several hosts it has the first in order,
 * and a checksum of all.
 */
export function tlsSecretName(hosts: readonly string[]): string {
  const [first = "", ...others] = [...new Set(hosts)].sort();
  const name = first.replace("*", "wildcard");
  const exact = others.length === 0 && name === first && name.length <= LENGTH;
  if (exact) return `${name}-tls`;
  const checksum = createHash("sha256")
    .update([first, ...others].join(" "))
    .digest("hex")
    .slice(0, 6);
  return `${name.slice(0, LENGTH).replace(/[-.]+$/, "")}-${checksum}-tls`;
}
