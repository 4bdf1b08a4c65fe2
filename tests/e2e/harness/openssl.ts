import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { inTemporary } from "../../../cli/base/temporary.ts";

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

/**
 * A certificate of loopback's address that signs itself, PEM.
 *
 * @param key file of its key
 * @param begin from when it holds
 */
export function selfSigned(key: string, begin: Date, end: Date): Promise<string> {
  return inTemporary(async (directory) => {
    const config = join(directory, "openssl.cnf");
    const request = join(directory, "request.pem");
    await writeFile(join(directory, "index"), "");
    await writeFile(config, settings(directory));
    await execa("openssl", ["req", "-new", "-config", config, "-key", key, "-out", request]);
    const dates = ["-startdate", asn1(begin), "-enddate", asn1(end)];
    const files = ["-config", config, "-keyfile", key, "-in", request];
    const { stdout } = await execa("openssl", ["ca", "-batch", "-notext", "-selfsign", ...files, ...dates]);
    return stdout;
  });
}

/** `20261126190000Z` */
const asn1 = (time: Date): string => time.toISOString().replaceAll(/[-:T]|\.\d+/g, "");

const settings = (directory: string): string => `
[req]
prompt = no
distinguished_name = subject
[subject]
commonName = 127.0.0.1
[ca]
default_ca = own
[own]
database = ${directory}/index
new_certs_dir = ${directory}
rand_serial = yes
default_md = sha256
policy = given
x509_extensions = server
[given]
commonName = supplied
[server]
subjectAltName = IP:127.0.0.1
`;
