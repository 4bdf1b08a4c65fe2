import { X509Certificate } from "node:crypto";

import { daysUntil, SOON_DAYS } from "../../../components/tls/validity.ts";
import type { KubeObject } from "../../cluster/object.ts";
import { notYet } from "../../served/served.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function checkCertificates({ objects, now }: Snapshot): readonly Diagnosis[] {
  return (objects["Secret"] ?? [])
    .filter((secret) => secret["type"] === "kubernetes.io/tls")
    .flatMap((secret) => {
      const about = `Secret ${secret.metadata.namespace ?? ""}/${secret.metadata.name}`;
      const renew = renewalOf(secret);
      const data = (secret["data"] ?? {}) as Readonly<Record<string, string>>;
      return ["tls.crt", "ca.crt"].flatMap((key) => {
        const text = Buffer.from(data[key] ?? "", "base64").toString("latin1");
        const certificates = text.match(PEM) ?? [];
        if (certificates.length === 0)
          return key === "tls.crt"
            ? [diagnosis("error", about, "holds no certificate in tls.crt", renew)]
            : [];
        return certificates.flatMap((pem) => judged(pem, `${about} ${key}`, now, renew));
      });
    });
}

/** What clients are shown, as opposed to what the Secrets hold. */
export const checkServed = ({ served }: Snapshot): readonly Diagnosis[] =>
  Object.entries(served).map(([url, problem]) =>
    diagnosis(
      "error",
      url,
      problem,
      "Traefik takes a new certificate some seconds after `up`; if it stays, its log says why, and `slipway drift` who changed the Secret.",
    ),
  );

const RENEW = "`pulumi up` issues what is due; where somebody replaced it by hand, `slipway drift --fix`.";

const CLOCK =
  "Clients refuse it until then. Compare the clocks (`date -u`) of this machine and of whoever ran `up`: docs/certificates.md.";

/** Who sees to the next certificate: cert-manager says on the Secret which of its own it is for. */
function renewalOf({ metadata: { annotations, namespace = "" } }: KubeObject): string {
  if (annotations?.["cert-manager.io/certificate-name"] === undefined) return RENEW;
  return `cert-manager renews it, and says why it does not: kubectl describe certificate,certificaterequest,order,challenge --namespace ${namespace}`;
}

function judged(pem: string, about: string, now: Date, renew: string): Diagnosis[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return [diagnosis("error", about, "is no certificate that can be read", renew)];
  }
  const name = /CN=(.*)/.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll("\n", ", ");
  const what = certificate.ca ? `the authority ${name}` : `the certificate of ${name}`;
  const [begin, end] = [certificate.validFrom, certificate.validTo].map((text) => new Date(text));
  if (begin === undefined || end === undefined) return [];
  const date = end.toISOString().slice(0, 10);
  if (now < begin) return [diagnosis("error", about, `${what} ${notYet(begin, now)}`, CLOCK)];
  if (now >= end) return [diagnosis("error", about, `${what} ended on ${date}`, renew)];
  const days = daysUntil(end, now);
  return days < SOON_DAYS
    ? [diagnosis("warning", about, `${what} ends in ${days} days, on ${date}`, renew)]
    : [];
}

const diagnosis = (
  severity: Diagnosis["severity"],
  about: string,
  message: string,
  advice: string,
): Diagnosis => ({
  severity,
  check: "certificates",
  about,
  message,
  advice,
});
