import { request as http } from "node:http";
import { request as https } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type PeerCertificate, TLSSocket } from "node:tls";

/** The outputs of a stack that say where it is and what it serves there. */
export interface Published {
  /** URLs by app. */
  readonly urls: Readonly<Record<string, string>>;
  readonly endpoint: { readonly address: string };
  /** The authority that signed the certificates, PEM; without it, one that the machine trusts. */
  readonly caCertificate?: string;
  /** The certificates that the stack has issued, by their Secret. */
  readonly certificates?: Readonly<Record<string, Issued>>;
}

/** A certificate as the stack has issued it. */
interface Issued {
  /** Host names, also with `*` in place of their first label. */
  readonly hosts: readonly string[];
  /** Absent where somebody else keeps the Secret. */
  readonly fingerprint?: string;
  /** When it ends, RFC 3339. */
  readonly validityEnd?: string;
  /** Whether it is not of the stack's authority, and trusted by other means. */
  readonly provided?: boolean;
  /** Directory of the ACME server that Traefik itself asks for it: each is made for this stack, with a key of its own. */
  readonly acme?: string;
}

/** What a client was answered. */
export interface Answer {
  readonly status: number;
  /** The certificate that the server showed; `undefined` over plain http. */
  readonly certificate: Shown | undefined;
}

interface Shown extends Pick<PeerCertificate, "fingerprint256" | "subject" | "valid_from" | "valid_to"> {
  /** Its names, as `DNS:a.example, DNS:*.a.example`. */
  readonly subjectaltname: string | undefined;
  /** Why TLS does not trust it; `undefined` where it does. */
  readonly untrusted: string | undefined;
}

/**
 * Asks a URL at an address, on a new connection, without DNS.
 *
 * @param ca the authority to trust, PEM; without it, those of the machine
 * @throws where nobody answers within five seconds
 */
export function ask(url: string, address: string, ca: string | undefined): Promise<Answer> {
  const lookup: LookupFunction = (_host, options, done) => {
    const family = isIP(address);
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  // A certificate that is not trusted is looked at as well, to say whose it is.
  const options = { lookup, agent: false, timeout: 5000, rejectUnauthorized: false, ...(ca && { ca }) };
  const request = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const { statusCode: status = 0, socket } = response;
      resolve({ status, certificate: socket instanceof TLSSocket ? shownBy(socket) : undefined });
      response.destroy();
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 5 s")));
    call.on("error", reject);
    call.end();
  });
}

const shownBy = (socket: TLSSocket): Shown => {
  const { fingerprint256, subject, subjectaltname, valid_from, valid_to } = socket.getPeerCertificate();
  // Node.js gives a code where its types say an error.
  const untrusted = socket.authorized ? undefined : String(socket.authorizationError);
  return { fingerprint256, subject, subjectaltname, valid_from, valid_to, untrusted };
};

/** What is wrong with the certificate that a server showed for a URL, or `undefined`. */
export function certificateProblem(
  url: string,
  { certificate }: Pick<Answer, "certificate">,
  { certificates = {} }: Pick<Published, "certificates">,
  now = new Date(),
): string | undefined {
  if (certificate === undefined) return undefined;
  const { hostname } = new URL(url);
  const issued = Object.entries(certificates).filter(([, { hosts }]) => hosts.some(covers(hostname)));
  const { fingerprint256, subject, subjectaltname, valid_from, valid_to, untrusted } = certificate;
  const [begin, end] = [new Date(valid_from), new Date(valid_to)];
  const name = [subject.CN ?? "nobody"].flat().join(", ");
  const shown = `shows the certificate of ${name}, which ends on ${end.toISOString().slice(0, 10)}`;
  // Of two certificates for one host, Traefik serves either.
  const served = issued.filter(([, { fingerprint = fingerprint256 }]) => fingerprint === fingerprint256);
  if (issued.length > 0 && served.length === 0) {
    return `${shown}, and not the one in Secret ${issued.map(([secret]) => secret).join(" or ")}`;
  }
  if (begin > now) return `shows the certificate of ${name}, which ${notYet(begin, now)}`;
  // Until it has another, Traefik serves one of its own, which is for no host.
  const provided =
    served.some(([, certificate]) => certificate.provided === true) &&
    namesIn(subjectaltname).some((name) => covers(hostname)(name));
  return untrusted === undefined || (provided && end > now)
    ? undefined
    : `${shown}, and is not trusted: ${untrusted}`;
}

/** What is said of a certificate that begins later. */
export const notYet = (begin: Date, now: Date): string =>
  `is not valid before ${seconds(begin)}, and it is ${seconds(now)} here: the clock of the machine that issued it was ahead, or this one's is behind`;

const seconds = (time: Date): string => time.toISOString().replace(/\.\d+/, "");

/** Names in a certificate: `DNS:a.example, IP Address:192.0.2.1`. */
const namesIn = (subjectaltname = ""): readonly string[] =>
  subjectaltname.split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));

const covers =
  (hostname: string) =>
  (host: string): boolean =>
    host === hostname || (host.startsWith("*.") && hostname.replace(/^[^.]+/, "*") === host);
