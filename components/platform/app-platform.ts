import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { UserError } from "../base/errors.ts";
import type { StackInfo } from "../base/stack.ts";
import type { RouteTls, TraefikRef } from "../route/index.ts";
import {
  type Authority,
  Certificate,
  type CertificateArgs,
  type KeySpec,
  ProvidedCertificate,
  RequestedCertificate,
  type Subject,
  type Validity,
} from "../tls/index.ts";
import { RESOLVER } from "../traefik/acme.ts";
import type { CertificateSource, IssuerSource } from "./certificate-source.ts";
import type { AcmeServer, PlatformOutputs } from "./facts.ts";
import type { Namespace } from "./namespace.ts";
import { tlsSecretName } from "./secret-name.ts";
import { urlOf } from "./url.ts";

/** How the certificates of apps are made. */
export type AppCertificates = Validity & { readonly key: KeySpec; readonly subject?: Subject | undefined };

/** How a platform's apps are served over https. */
export interface PlatformTls {
  /**
   * Signs the apps' certificates.
   * @default nobody: they all come from elsewhere, and one that says nothing of the kind is refused
   */
  readonly authority?: Authority | undefined;
  /** The apps' certificates, where it signs them. */
  readonly certificates: AppCertificates;
}

/** Where clients reach a stack. */
export interface Endpoint {
  /** Address or name; empty where it is any node's, which nothing here knows. */
  readonly address: string;
  /** Port of plain http; `undefined` where Kubernetes picks it. */
  readonly http?: number | undefined;
  /** Port of https; `undefined` where Kubernetes picks it, or TLS is off. */
  readonly https?: number | undefined;
}

/** A certificate that the stack's apps are served with. */
export interface IssuedCertificate {
  /** Host names that it is for. */
  readonly hosts: readonly string[];
  /** Its SHA-256, as `openssl x509 -fingerprint -sha256` writes it; absent where somebody else keeps the Secret. */
  readonly fingerprint?: string;
  /** When it ends, RFC 3339; absent where somebody else keeps the Secret. */
  readonly validityEnd?: string;
  /** Issuer of cert-manager's that renews it; absent for any other. */
  readonly issuer?: string;
  /** URL of the ACME server that Traefik asks for it and for the next; absent for any other. */
  readonly acme?: string;
  /** Whether it is not of the platform's authority, and trusted by other means. @default false */
  readonly provided?: true;
}

/** Where Traefik takes the requests for apps in. */
type EntryPoint = "web" | "websecure";

/** What apps share, whether it is made by their stack or by another: Traefik, its class and entry points, and who signs certificates. */
export abstract class AppPlatform extends Component {
  /** Whose the apps' objects are. */
  abstract readonly stack: StackInfo;
  /** Traefik that serves the apps. */
  abstract readonly traefik: TraefikRef;
  /** IngressClass of the apps' routes. */
  abstract readonly ingressClass: pulumi.Output<string>;
  /** Where clients reach the apps. */
  abstract readonly endpoint: pulumi.Output<Endpoint>;
  /** Port at which clients reach https, where it is known before `up`. */
  abstract readonly httpsPort: number | undefined;
  /** The ACME server that its Traefik asks for certificates, where it asks one. */
  abstract readonly acme: AcmeServer | undefined;
  /** Settles once the engine has been given Traefik's pods: apps made then begin at the same time. At once where another stack has them. */
  abstract readonly registered: Promise<void>;
  /** What other stacks need of it, where they may be on it. */
  abstract readonly outputs: PlatformOutputs | undefined;
  /** `false` where TLS is off. */
  protected abstract readonly tls: PlatformTls | false;
  readonly #issued: pulumi.Output<readonly [string, IssuedCertificate]>[] = [];

  /** Signs the apps' certificates; `undefined` where TLS is off, or all come from elsewhere. */
  get authority(): Authority | undefined {
    return this.tls === false ? undefined : this.tls.authority;
  }

  /** Whether apps are served over https. */
  get secure(): boolean {
    return this.tls !== false;
  }

  /** Entry points of the apps' routes. */
  get entryPoints(): readonly [EntryPoint] {
    return [this.secure ? "websecure" : "web"];
  }

  /**
   * The certificates that apps are served with so far, by namespace and name of their Secret: `shop/shop.example.org-tls`. Those that
   * Traefik asks for are in none: `traefik.acme/shop.example.org`.
   */
  get certificates(): pulumi.Output<Record<string, IssuedCertificate>> {
    return pulumi.all(this.#issued).apply((entries) => Object.fromEntries(entries));
  }

  /** URL at which clients reach a host and path, with the port where it is not the scheme's own. */
  url(host: string, path = "/"): pulumi.Output<string> {
    return this.endpoint.apply(({ http, https }) =>
      this.secure ? urlOf("https", host, https, path) : urlOf("http", host, http, path),
    );
  }

  /**
   * The certificate for a set of hosts that all routes of a namespace use: of two Secrets for one host, Traefik would serve either.
   * @param source who signed it; the platform's authority, unless it says otherwise
   * @param former what it was before, in stacks where each app had its own
   * @returns `undefined` where TLS is off
   */
  certificate(
    namespace: Namespace,
    hosts: readonly string[],
    source: CertificateSource | undefined,
    former: pulumi.Alias,
  ): RouteTls | undefined {
    const { tls } = this;
    if (tls === false) return undefined;
    const objectName = tlsSecretName(hosts);
    if (source?.kind === "secret") {
      const { secretName } = source;
      this.#serve(namespace.name, secretName, { hosts, provided: true });
      return { secretName };
    }
    if (source?.kind === "issuer") return this.#request(namespace, hosts, source);
    if (source?.kind === "acme") return this.#resolve(hosts);
    return namespace.share<Certificate | ProvidedCertificate>(objectName, (name, within) => {
      const opts = { ...within, aliases: [former] };
      if (source?.kind !== "pem") return this.issue(tls, name, { namespace, hosts, objectName }, opts);
      const { chain, key } = source;
      const args = { stack: this.stack, namespace, objectName, hosts, chain, key };
      const provided = new ProvidedCertificate(name, args, opts);
      const { fingerprint, validityEnd } = provided;
      this.#serve(namespace.name, objectName, { hosts, fingerprint, validityEnd, provided: true });
      return provided;
    });
  }

  /** A certificate that cert-manager keeps: in another Secret than the authority's, which goes when this one takes its place. */
  #request(namespace: Namespace, hosts: readonly string[], { name, issuerKind }: IssuerSource): RouteTls {
    const objectName = tlsSecretName(hosts).replace(/-tls$/, "-issuer-tls");
    return namespace.share(objectName, (resource, within) => {
      const after = pulumi.Resource.isInstance(this.traefik) ? [this.traefik] : [];
      const issuer = { name, issuerKind };
      const args = { stack: this.stack, namespace, objectName, hosts, issuer, after };
      const certificate = new RequestedCertificate(resource, args, within);
      this.#serve(namespace.name, certificate.name, { hosts, provided: true, issuer: name });
      return certificate;
    });
  }

  /** A certificate that Traefik asks for: once for a set of hosts, since all routes name them in one order. */
  #resolve(hosts: readonly string[]): RouteTls {
    const { acme } = this;
    if (acme === undefined) {
      throw new UserError("platform", [
        {
          key: "traefik.acme",
          value: undefined,
          allowed: `is needed to ask for what ${hosts.join(", ")} is served with`,
        },
      ]);
    }
    const names = [...new Set(hosts)].sort();
    const [main = "", ...sans] = names;
    this.#serve("traefik.acme", tlsSecretName(hosts).replace(/-tls$/, ""), {
      hosts: names,
      provided: true,
      acme: acme.server,
    });
    return { certResolver: RESOLVER, domains: [{ main, ...(sans.length > 0 && { sans }) }] };
  }

  /** Notes a certificate that apps are served with. */
  #serve(
    namespace: pulumi.Input<string>,
    secretName: pulumi.Input<string>,
    certificate: { readonly [K in keyof IssuedCertificate]: pulumi.Input<IssuedCertificate[K]> },
  ): void {
    this.#issued.push(
      pulumi
        .all([namespace, secretName, certificate] as const)
        .apply(
          ([namespace, name, certificate]) =>
            [`${namespace}/${name}`, certificate as IssuedCertificate] as const,
        ),
    );
  }

  /**
   * Has `destroy` refuse, before it deletes anything, while other stacks are on the platform. To be called last: `destroy` comes to it
   * first. Does nothing where the platform is not shared, or another stack's.
   * @param apps of the platform's own stack
   */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Another stack's platform is kept by that stack.
  keepWhileInUse(apps: readonly pulumi.Resource[]): void {}

  /** Makes a certificate that the platform's authority signs. */
  protected issue(
    { authority, certificates }: PlatformTls,
    name: string,
    args: Omit<CertificateArgs, "stack" | "authority" | keyof AppCertificates>,
    opts: pulumi.ComponentResourceOptions,
  ): Certificate {
    if (authority === undefined) {
      throw new UserError("platform", [
        {
          key: "tls.authority",
          value: undefined,
          allowed: `is needed to sign what ${args.hosts.join(", ")} is served with`,
        },
      ]);
    }
    const certificate = new Certificate(
      name,
      { stack: this.stack, authority, ...certificates, ...args },
      opts,
    );
    const { secret, hosts, fingerprint, validityEnd } = certificate;
    this.#serve(secret.metadata.namespace, secret.metadata.name, { hosts, fingerprint, validityEnd });
    return certificate;
  }
}
