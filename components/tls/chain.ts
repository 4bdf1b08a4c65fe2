import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

import type { Problems } from "../base/errors.ts";
import { rule } from "../base/rules/index.ts";

/** A certificate from elsewhere, as PEM. */
export interface PemPair {
  /** The certificate, and after it the intermediate ones, each of which signed the one before. The root may be left out. */
  readonly chain: string;
  /** Private key of the first certificate, without a passphrase. */
  readonly key: string;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a chain; `undefined` where one cannot be read. */
function certificatesOf(chain: string): readonly X509Certificate[] | undefined {
  try {
    return (chain.match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}

/** At least one certificate, PEM. */
export const certificates = rule<string>(
  "must be certificates, PEM",
  (text) => (certificatesOf(text) ?? []).length > 0,
);

/** The first certificate of a chain. */
export const leafOf = (chain: string): X509Certificate | undefined => certificatesOf(chain)?.[0];

/** When a certificate ends, RFC 3339. */
export const endOf = ({ validTo }: X509Certificate): string =>
  new Date(validTo).toISOString().replace(".000Z", "Z");

/** Names in a certificate: `DNS:a.example, DNS:*.a.example`. */
const namesOf = ({ subjectAltName = "" }: X509Certificate): readonly string[] =>
  subjectAltName.split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));

/** Whether a certificate is for a host, which may begin with `*.`. */
function isFor(certificate: X509Certificate, host: string): boolean {
  if (host.startsWith("*.")) return namesOf(certificate).includes(host);
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined;
  return certificate.checkHost(host, { subject: "never" }) !== undefined;
}

/**
 * Records what is wrong with a certificate from elsewhere: its key, its chain, its dates, and the hosts that it is to be for.
 * @param now what its dates are compared with
 */
export function checkPair(
  { chain, key }: PemPair,
  hosts: readonly string[],
  problems: Problems,
  now = new Date(),
): void {
  const certificates = certificatesOf(chain) ?? [];
  const [leaf] = certificates;
  if (leaf === undefined) {
    problems.add("chain", undefined, "must be certificates, PEM, the host's first");
    return;
  }
  checkKey(leaf, key, problems);
  checkOrder(certificates, problems);
  certificates.forEach((certificate, index) => {
    checkDates(certificate, index, now, problems);
  });
  for (const host of new Set(hosts)) {
    problems.unless(
      isFor(leaf, host),
      "chain",
      undefined,
      `is not for ${host}: its names are ${namesOf(leaf).join(", ") || "none"}`,
    );
  }
}

function checkKey(leaf: X509Certificate, key: string, problems: Problems): void {
  let read: KeyObject;
  try {
    read = createPrivateKey(key);
  } catch {
    problems.add("key", undefined, "must be a private key, PEM, without a passphrase");
    return;
  }
  problems.unless(
    leaf.checkPrivateKey(read),
    "key",
    undefined,
    "is not that of the first certificate in chain",
  );
}

/** Servers send the chain as it is; clients do not put it in order. */
function checkOrder(certificates: readonly X509Certificate[], problems: Problems): void {
  certificates.slice(1).forEach((issuer, index) => {
    const issued = certificates[index];
    const signed = issued?.checkIssued(issuer) === true && issued.verify(issuer.publicKey);
    problems.unless(
      signed,
      "chain",
      undefined,
      `must have each certificate's issuer after it: certificate ${index + 2} did not sign certificate ${index + 1}`,
    );
  });
}

function checkDates(certificate: X509Certificate, index: number, now: Date, problems: Problems): void {
  const { validFrom, validTo } = certificate;
  const [begin, end] = [new Date(validFrom), new Date(validTo)];
  const which = `certificate ${index + 1}`;
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  problems.unless(now < end, "chain", undefined, `must still be valid: ${which} ended on ${day(end)}`);
  problems.unless(
    now >= begin,
    "chain",
    undefined,
    `must be valid already: ${which} begins on ${day(begin)}`,
  );
}
