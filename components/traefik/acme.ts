import type { Problems } from "../base/errors.ts";
import { all, email, positive, rule, size, webUrl } from "../base/rules/index.ts";
import type { Values } from "../base/values.ts";
import { certificates } from "../tls/chain.ts";
import { storageClass } from "../workload/claim.ts";
import { digest } from "../workload/config-source.ts";
import type { TraefikConfig } from "./args.ts";
import { kindOf } from "./defaults.ts";

/**
 * Certificates that Traefik itself asks an ACME server for, and renews. It keeps them in a file of its own, so this is for one pod,
 * which ends before the next one begins.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/install-configuration/tls/certificate-resolvers/acme/}.
 */
export interface AcmeConfig {
  /** Address of whoever the server tells of what concerns the account. */
  readonly email: string;
  /**
   * URL of the server's directory; Let's Encrypt's, unless it says otherwise.
   * @default "https://acme-v02.api.letsencrypt.org/directory"
   */
  readonly server?: string | undefined;
  /**
   * How the server sees that a host is this Traefik's: `http` by an answer at the host's port 80, entry point `web` (HTTP-01), `tls`
   * by a TLS handshake at its port 443, entry point `websecure` (TLS-ALPN-01).
   * @default "http"
   */
  readonly challenge?: "http" | "tls" | undefined;
  /**
   * Who signs the server's own certificate, PEM.
   * @default whoever the image trusts
   */
  readonly caCertificates?: string | undefined;
  /**
   * Days that the server's certificates hold, by which Traefik decides when it renews one: of 90 days, 30 before the end, and it looks
   * once a day, and when it starts.
   * @default 90
   */
  readonly validityDays?: number | undefined;
  /** Where the account and the certificates are kept. */
  readonly storage?: AcmeStorage | undefined;
}

/** The claim `acme` of Traefik's namespace: its volume outlives the pods, and goes with the stack. */
export interface AcmeStorage {
  /** Size of the volume. @default "128Mi" */
  readonly size?: string | undefined;
  /**
   * StorageClass that makes the volume; `""` for none: a volume that somebody made by hand is waited for.
   * @default the cluster's default class
   */
  readonly storageClassName?: string | undefined;
}

/** Name of the certificate resolver, by which routes ask for a certificate. */
export const RESOLVER = "acme";

/** Name of the claim with the account and the certificates. */
export const ACME_CLAIM = "acme";

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

const [DATA, CA] = ["/data", "/acme-ca"];

/**
 * Time between a question and the server's look. Traefik asks for what is due as soon as it starts, when requests still lead to no pod or
 * to the one before, and would try again a day later.
 */
const DELAY = "15s";

/** File of the ConfigMap with those who sign the server's certificate. */
export const CA_FILE = "ca.crt";

/** URL of the server's directory. */
export const acmeServer = ({ server = LETS_ENCRYPT }: AcmeConfig): string => server;

/** Name of the ConfigMap with those who sign the server's certificate: others are another one, so that the pod is made anew. */
export const caName = (caCertificates: string): string => `acme-ca-${digest(caCertificates)}`;

/** What the claim asks for. */
export const acmeClaim = ({ size = "128Mi", storageClassName }: AcmeStorage = {}) => ({
  storage: size,
  storageClassName,
});

/** The chart's values for the resolver, the file it keeps, and whom it trusts. */
export function acmeValues({ acme }: TraefikConfig): Values {
  if (acme === undefined) return {};
  const { challenge = "http", caCertificates, validityDays = 90 } = acme;
  return {
    certificatesResolvers: {
      [RESOLVER]: {
        acme: {
          email: acme.email,
          caServer: acmeServer(acme),
          caCertificates: caCertificates === undefined ? undefined : [`${CA}/${CA_FILE}`],
          certificatesDuration: validityDays * 24,
          // Traefik's own default takes seconds to make.
          keyType: "EC256",
          storage: `${DATA}/acme.json`,
          ...(challenge === "http"
            ? { httpChallenge: { entryPoint: "web", delay: DELAY } }
            : { tlsChallenge: { delay: DELAY } }),
        },
      },
    },
    // The chart's own claim would be kept when the stack is destroyed.
    persistence: { enabled: true, existingClaim: ACME_CLAIM, path: DATA },
    volumes:
      caCertificates === undefined
        ? undefined
        : [{ name: caName(caCertificates), mountPath: CA, type: "configMap" }],
  };
}

/**
 * What lets a pod write to the volume. Once it is the group's, it is left alone: else Kubernetes would open the file to the group
 * at each start, and Traefik takes none that others may read.
 */
export const acmeSecurity = ({ acme }: TraefikConfig, group: number): Values =>
  acme === undefined ? {} : { fsGroup: group, fsGroupChangePolicy: "OnRootMismatch" };

const secureUrl = all(
  webUrl,
  rule<string>("must be https, as ACME is", (text) => text.startsWith("https:")),
);

/** Records what is wrong with ACME of Traefik's own, also where it is told by `values`. */
export function checkAcme(config: TraefikConfig, problems: Problems): void {
  const { acme, values = {}, replicas = 1, autoscaling } = config;
  const resolvers = Object.keys(values["certificatesResolvers"] ?? {});
  const one = kindOf(config) !== "DaemonSet" && autoscaling === undefined && replicas === 1;
  const forOne =
    "is for one pod: Traefik keeps what ACME issues in a file of its own, so that of several pods each would ask for every certificate, and only the one that asked could answer the challenge; use cert-manager, a certificate of kind issuer";
  problems.unless(
    resolvers.length === 0 || one,
    "values.certificatesResolvers",
    resolvers.join(", "),
    forOne,
  );
  if (acme === undefined) return;
  problems.unless(one, "acme", undefined, forOne);
  const own = problems.at("acme");
  own.check("email", acme.email, email);
  own.check("server", acme.server, secureUrl);
  own.check("caCertificates", acme.caCertificates, certificates);
  own.check("validityDays", acme.validityDays, positive);
  own.check("storage.size", acme.storage?.size, size);
  own.check("storage.storageClassName", acme.storage?.storageClassName, storageClass);
  checkValues(acme, values, problems);
}

/** Records values of the chart that would take from the resolver what it needs. */
function checkValues(
  { challenge = "http", caCertificates }: AcmeConfig,
  values: Readonly<Record<string, unknown>>,
  problems: Problems,
): void {
  const { certificatesResolvers, volumes, ports } = values as Record<string, Record<string, unknown>>;
  problems.unless(
    certificatesResolvers?.[RESOLVER] === undefined,
    `values.certificatesResolvers.${RESOLVER}`,
    undefined,
    "is the resolver of traefik.acme: name it otherwise",
  );
  problems.unless(
    volumes === undefined || caCertificates === undefined,
    "values.volumes",
    undefined,
    "would take the place of the volume with acme.caCertificates: use values.deployment.additionalVolumes",
  );
  const entryPoint = challenge === "http" ? "web" : "websecure";
  problems.unless(
    ports?.[entryPoint] !== null,
    `values.ports.${entryPoint}`,
    null,
    `is the entry point at which acme.challenge ${challenge} is answered`,
  );
}
