import { isIPv6 } from "node:net";

import { fingerprintOf } from "../../components/tls/fingerprint.ts";

/** Where the image looks for the files of {@link portalFiles}; mount a ConfigMap of them here. */
export const portalDirectory = "/srv/portal";

/** Where the portal asks whether an app is well: a Service in the cluster. */
export interface PortalHealth {
  /** Name of the Service. */
  readonly service: string;
  readonly namespace: string;
  /** Port of the Service. */
  readonly port: number;
  /** Path as the app itself knows it, below no prefix: `/healthz`. A 2xx or 3xx answer counts as well. */
  readonly path: string;
}

export interface PortalApp {
  /** DNS label, unique in the portal. */
  readonly name: string;
  /** @default the name */
  readonly title?: string;
  /** A sentence on what it is. */
  readonly description?: string;
  /** Where a client reaches it, with the port where it is not the scheme's own. */
  readonly url: string;
  /** What runs: a version or an image tag. */
  readonly version?: string;
  /** @default the app is listed without a state */
  readonly health?: PortalHealth;
}

/**
 * Where the image looks for `certificates.json`, which holds {@link PortalCertificate}s, the first to end first. It changes with each
 * renewal, and is apart from {@link portalDirectory}, so that no pod is replaced then.
 */
export const certificatesDirectory = "/srv/portal-certificates";

/** A certificate that the apps are served with. */
export interface PortalCertificate {
  readonly hosts: readonly string[];
  /** When it ends, RFC 3339. */
  readonly validityEnd: string;
}

/** What the portal page shows of a stack. */
export interface Portal {
  readonly project: string;
  readonly stack: string;
  readonly apps: readonly PortalApp[];
  /** Where clients reach the stack: address or host name, and the ports of the entry points. */
  readonly endpoint?: { readonly address: string; readonly http?: number; readonly https?: number };
  /** Name → version of what the stack is made of: `{ Traefik: "v3.7.11" }`. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Certificate of the authority that signs the apps' certificates, PEM. Public. */
  readonly caCertificate?: string;
  /** When the stack may be taken down, as ISO 8601. */
  readonly expires?: string;
}

/**
 * The files the nginx image reads from {@link portalDirectory}:
 *
 * - `config.json`: what the page shows; its shape is {@link PortalConfig}.
 * - `health.conf`: for each app with a health check, a location `/health/<name>` that asks its Service. nginx reads it when
 *   it starts, so a change has to restart the pods.
 * - `ca.crt`: the certificate of the authority, when there is one, for download.
 */
export function portalFiles(
  portal: Portal,
): Record<string, string> & { "config.json": string; "health.conf": string } {
  return {
    "config.json": `${JSON.stringify(portalConfig(portal), null, 2)}\n`,
    "health.conf": portal.apps.map(healthLocation).join(""),
    ...(portal.caCertificate === undefined ? {} : { "ca.crt": `${portal.caCertificate.trim()}\n` }),
  };
}

/** What the page reads. In-cluster addresses are not part of it. */
export interface PortalConfig extends Omit<Portal, "apps" | "caCertificate"> {
  readonly apps: readonly (Omit<PortalApp, "health"> & {
    readonly title: string;
    /** A command that reaches the app, verified with the authority's certificate in `ca.crt`. */
    readonly curl: string;
    /** Reference of the health check, relative to the page. */
    readonly health?: string;
  })[];
  /** How the authority's certificate is recognised: its SHA-256, as browsers and `openssl x509 -fingerprint` write it. */
  readonly caFingerprint?: string;
}

export function portalConfig({ apps, caCertificate, ...stack }: Portal): PortalConfig {
  return {
    ...stack,
    apps: apps.map(({ health, ...app }) => ({
      ...app,
      title: app.title ?? app.name,
      curl: curlCommand(app.url, stack.endpoint?.address, caCertificate !== undefined),
      ...(health === undefined ? {} : { health: `health/${app.name}` }),
    })),
    ...(caCertificate === undefined ? {} : { caFingerprint: fingerprintOf(caCertificate) }),
  };
}

/**
 * A command that fetches a URL from the stack's endpoint, whether or not the name in the URL resolves.
 *
 * @param address where to connect to; left out, the name in the URL has to resolve
 * @param ownAuthority whether the certificate is to be verified with `ca.crt`
 */
export function curlCommand(url: string, address?: string, ownAuthority = false): string {
  const { protocol, hostname } = new URL(url);
  const verify = ownAuthority && protocol === "https:" ? " --cacert ca.crt" : "";
  // Unlike --resolve it takes a host name too, and holds for every port that a redirect may lead to.
  const host = address !== undefined && isIPv6(address) ? `[${address}]` : address;
  const connect = host === undefined || host === hostname ? "" : ` --connect-to ::${host}:`;
  return `curl${verify}${connect} ${url}`;
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function healthLocation({ name, health }: PortalApp): string {
  if (health === undefined) return "";
  const { service, namespace, port, path } = health;
  // These go into nginx's own language. The configuration was checked long before, so what fails here is a bug.
  for (const label of [name, service, namespace]) {
    if (!LABEL.test(label)) throw new Error(`portal: "${label}" is not a DNS label`);
  }
  if (!/^\/[\w./~%?&=+:@,-]*$/.test(path))
    throw new Error(`portal: app ${name}: health path "${path}" is not a path`);
  return `location = /health/${name} {
    set $health_url "http://${service}.${namespace}.svc.$cluster_domain:${port}${path}";
    include /etc/nginx/health-proxy.conf;
}
`;
}
