import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";

/**
 * The certificate that a client is shown who asks for a host by SNI, once it has passed verification.
 *
 * @param at where the client connects to
 * @param ca whom it trusts, PEM
 */
export async function verifiedCertificate(
  host: string,
  at: { readonly address: string; readonly https: number },
  ca: string,
): Promise<X509Certificate> {
  const socket = connect({ host: at.address, port: at.https, servername: host, ca });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error(`no certificate for ${host}`);
  return certificate;
}
