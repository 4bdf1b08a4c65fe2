import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import type { StackInfo } from "../base/stack.ts";
import type { TraefikRef } from "../route/index.ts";
import {
  type Authority,
  Certificate,
  type CertificateArgs,
  type KeySpec,
  type Subject,
  type Validity,
} from "../tls/index.ts";
import type { PlatformOutputs } from "./facts.ts";
import type { Namespace } from "./namespace.ts";
import { tlsSecretName } from "./secret-name.ts";
import { urlOf } from "./url.ts";

/** How the certificates of apps are made. */
export type AppCertificates = Validity & { readonly key: KeySpec; readonly subject?: Subject | undefined };

/** How a platform's apps are served over https. */
export interface PlatformTls {
  /** Signs the apps' certificates. */
  readonly authority: Authority;
  /** The apps' certificates. */
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

/** A certificate that the stack has issued. */
export interface IssuedCertificate {
  /** Host names that it is for. */
  readonly hosts: readonly string[];
  /** Its SHA-256, as `openssl x509 -fingerprint -sha256` writes it. */
  readonly fingerprint: string;
  /** When it ends, RFC 3339. */
  readonly validityEnd: string;
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
  /** What other stacks need of it, where they may be on it. */
  abstract readonly outputs: PlatformOutputs | undefined;
  /** `false` where TLS is off. */
  protected abstract readonly tls: PlatformTls | false;
  readonly #issued: Certificate[] = [];

  /** Signs the apps' certificates; `undefined` where TLS is off. */
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

  /** The certificates issued so far, by namespace and name of their Secret: `shop/shop.example.org-tls`. */
  get certificates(): pulumi.Output<Record<string, IssuedCertificate>> {
    const issued = this.#issued.map(({ secret, hosts, fingerprint, validityEnd }) =>
      pulumi
        .all([secret.metadata, fingerprint, validityEnd] as const)
        .apply(
          ([{ namespace, name }, fingerprint, validityEnd]) =>
            [`${namespace}/${name}`, { hosts, fingerprint, validityEnd }] as const,
        ),
    );
    return pulumi.all(issued).apply((entries) => Object.fromEntries(entries));
  }

  /** URL at which clients reach a host and path, with the port where it is not the scheme's own. */
  url(host: string, path = "/"): pulumi.Output<string> {
    return this.endpoint.apply(({ http, https }) =>
      this.secure ? urlOf("https", host, https, path) : urlOf("http", host, http, path),
    );
  }

  /**
   * The certificate for a set of hosts, signed by the platform's authority, that all routes of a namespace use: of two Secrets for
   * one host, Traefik would serve either.
   * @param former what it was before, in stacks where each app had its own
   * @returns `undefined` where TLS is off
   */
  certificate(namespace: Namespace, hosts: readonly string[], former: pulumi.Alias): Certificate | undefined {
    const { tls } = this;
    if (tls === false) return undefined;
    const objectName = tlsSecretName(hosts);
    return namespace.share(objectName, (name, within) =>
      this.issue(tls, name, { namespace, hosts, objectName }, { ...within, aliases: [former] }),
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
    const certificate = new Certificate(
      name,
      { stack: this.stack, authority, ...certificates, ...args },
      opts,
    );
    this.#issued.push(certificate);
    return certificate;
  }
}
