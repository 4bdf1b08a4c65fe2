import { X509Certificate } from "node:crypto";

import { execa } from "execa";

/**
 * The certificate that OpenSSL's own client is shown.
 *
 * @param at `address:port`
 * @param host what it asks for by SNI
 */
export async function shownTo(at: string, host: string): Promise<X509Certificate> {
  const { stdout } = await execa("openssl", ["s_client", "-connect", at, "-servername", host], {
    input: "",
    timeout: 20_000,
  });
  return new X509Certificate(stdout.slice(stdout.indexOf("-----BEGIN")));
}
