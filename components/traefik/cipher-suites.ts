import type { Problems } from "../base/errors.ts";
import { complaint } from "../base/rules/index.ts";
import type { TlsConfig } from "./entry-points.ts";

const ECDHE = [
  "AES_128_GCM_SHA256",
  "AES_256_GCM_SHA384",
  "CHACHA20_POLY1305",
  "CHACHA20_POLY1305_SHA256",
  "AES_128_CBC_SHA",
  "AES_256_CBC_SHA",
  "AES_128_CBC_SHA256",
  "RC4_128_SHA",
];

/**
 * Cipher suites of TLS 1.2 that Traefik knows.
 * Source: {@link https://github.com/traefik/traefik/blob/v3.7.11/pkg/tls/cipher.go}.
 */
const SUITES: readonly string[] = [
  ...ECDHE.flatMap((suite) => [`TLS_ECDHE_ECDSA_WITH_${suite}`, `TLS_ECDHE_RSA_WITH_${suite}`]),
  "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
  "TLS_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_RSA_WITH_AES_128_CBC_SHA",
  "TLS_RSA_WITH_AES_256_CBC_SHA",
  "TLS_RSA_WITH_AES_128_CBC_SHA256",
  "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  "TLS_RSA_WITH_RC4_128_SHA",
];

const cipherSuite = complaint<string>((name) => {
  if (SUITES.includes(name)) return undefined;
  return /^TLS_(AES|CHACHA20)_/.test(name)
    ? "is of TLS 1.3, whose suites nobody chooses: leave it out"
    : "must be a cipher suite of TLS 1.2, as TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
});

/** Records TLS options that Traefik drops, or that say nothing. */
export function checkTls({ minVersion, cipherSuites }: TlsConfig, problems: Problems): void {
  problems.checkEach("cipherSuites", cipherSuites, cipherSuite);
  if (cipherSuites === undefined) return;
  problems.unless(
    cipherSuites.length > 0,
    "cipherSuites",
    [],
    "must name at least one; leave it out for the usual ones",
  );
  problems.unless(
    minVersion !== "VersionTLS13",
    "cipherSuites",
    cipherSuites,
    "are of TLS 1.2, which minVersion VersionTLS13 turns off",
  );
}
