import { isIP } from "node:net";

import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { UserError } from "../base/errors.ts";
import { runningStack, type StackInfo } from "../base/stack.ts";
import {
  Certificate,
  type CertificateArgs,
  type CertificateAuthority,
  type KeySpec,
  type Subject,
  type Validity,
} from "../tls/index.ts";
import { Traefik, type TraefikArgs, TraefikDashboard, type TraefikDashboardArgs } from "../traefik/index.ts";
import type { Namespace } from "./namespace.ts";
import { tlsSecretName } from "./secret-name.ts";
import { urlOf } from "./url.ts";

/** How a platform's apps are served over https. */
export interface PlatformTls {
  /** Signs the apps' certificates. */
  readonly authority: CertificateAuthority;
  /** The apps' certificates. */
  readonly certificates: Validity & { readonly key: KeySpec; readonly subject?: Subject | undefined };
}

/** Arguments of {@link Platform}. */
export interface PlatformArgs {
  /** @default the running one */
  readonly stack?: StackInfo | undefined;
  /** Traefik, but for what the platform decides. */
  readonly traefik?: Omit<TraefikArgs, "stack" | "namespace"> | undefined;
  /**
   * Certificates. `false` serves plain http, for a gateway in front that ends TLS.
   */
  readonly tls: PlatformTls | false;
  /**
   * Address or name at which clients reach the stack, where no load balancer gives one: a node's.
   * @default the load balancer's
   */
  readonly address?: string | undefined;
  /** Traefik's dashboard. @default not reachable */
  readonly dashboard?: Dashboard | undefined;
}

/** Traefik's dashboard, for those who may see it. */
export interface Dashboard {
  /** Host it has to itself. */
  readonly host: string;
  /** Who may sign in. */
  readonly basicAuth: TraefikDashboardArgs["basicAuth"];
  /** Networks that may reach it, as CIDRs. */
  readonly allow: readonly string[];
}

/** Where clients reach a stack. */
export interface Endpoint {
  /** Address or name; empty where it is any node's, which nothing here knows. */
  readonly address: string;
  /** Port of plain http; `undefined` where Kubernetes picks it. */
  readonly http: number | undefined;
  /** Port of https; `undefined` where Kubernetes picks it, or TLS is off. */
  readonly https: number | undefined;
}

/** Where Traefik takes the requests for apps in. */
type EntryPoint = "web" | "websecure";

/** What the apps of a stack share: Traefik, its class and entry points, and who signs their certificates. */
export class Platform extends Component {
  readonly stack: StackInfo;
  readonly traefik: Traefik;
  /** Signs the apps' certificates; `undefined` where TLS is off. */
  readonly authority: CertificateAuthority | undefined;
  /** IngressClass of the stack. */
  readonly ingressClass: pulumi.Output<string>;
  /** Where clients reach the stack. */
  readonly endpoint: pulumi.Output<Endpoint>;
  /** Port at which clients reach https, where it is known before `up`. */
  readonly httpsPort: number | undefined;
  readonly #tls: PlatformTls | false;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Platform", name, opts);
    const { stack = runningStack(), tls, address } = args;
    this.stack = stack;
    this.#tls = tls;

    this.authority = tls === false ? undefined : tls.authority;
    this.traefik = new Traefik(
      `${name}-traefik`,
      {
        ...(tls === false && { redirect: "none" }),
        // Ingresses and Gateways then say in their status where they are reached.
        ...(address !== undefined && { address: isIP(address) ? { ip: address } : { hostname: address } }),
        ...(args.dashboard !== undefined && { dashboard: true }),
        ...args.traefik,
        stack,
      },
      this.child(),
    );
    this.httpsPort = this.traefik.entryPoints.websecure.reachable;
    this.ingressClass = this.traefik.ingressClass;
    this.endpoint = pulumi
      .all([this.traefik.ports, this.traefik.loadBalancer])
      .apply(([{ http, https }, loadBalancer]) => ({
        address: address ?? loadBalancer ?? "",
        http,
        https: tls === false ? undefined : https,
      }));
    if (args.dashboard !== undefined) this.#dashboard(`${name}-dashboard`, args.dashboard);
  }

  #dashboard(name: string, { host, basicAuth, allow }: Dashboard): void {
    const { traefik } = this;
    if (this.#tls === false) {
      throw new UserError("platform", [
        { key: "dashboard", value: host, allowed: "needs tls: its password must not travel readable" },
      ]);
    }
    const within = { parent: this, deletedWith: traefik.namespaceObject };
    const certificate = this.#issue(
      this.#tls,
      `${name}-tls`,
      { app: "dashboard", namespace: traefik.namespace, hosts: [host] },
      within,
    );
    new TraefikDashboard(name, { traefik, host, tls: certificate, basicAuth, allow }, within);
  }

  /** Whether apps are served over https. */
  get secure(): boolean {
    return this.#tls !== false;
  }

  /** Entry points of the apps' routes. */
  get entryPoints(): readonly [EntryPoint] {
    return [this.secure ? "websecure" : "web"];
  }

  /** URL at which clients reach a host and path, with the port where it is not the scheme's own. */
  url(host: string, path = "/"): pulumi.Output<string> {
    return this.endpoint.apply(({ http, https }) =>
      this.secure ? urlOf("https", host, https, path) : urlOf("http", host, http, path),
    );
  }

  /**
   * The certificate for a set of hosts, signed by the stack's authority, that all routes of a namespace use: of two Secrets for
   * one host, Traefik would serve either.
   * @param former what it was before, in stacks where each app had its own
   * @returns `undefined` where TLS is off
   */
  certificate(namespace: Namespace, hosts: readonly string[], former: pulumi.Alias): Certificate | undefined {
    const tls = this.#tls;
    if (tls === false) return undefined;
    const objectName = tlsSecretName(hosts);
    return namespace.share(objectName, (name, within) =>
      this.#issue(tls, name, { namespace, hosts, objectName }, { ...within, aliases: [former] }),
    );
  }

  #issue(
    { authority, certificates }: PlatformTls,
    name: string,
    args: Omit<CertificateArgs, "stack" | "authority" | keyof PlatformTls["certificates"]>,
    opts: pulumi.ComponentResourceOptions,
  ): Certificate {
    return new Certificate(name, { stack: this.stack, authority, ...certificates, ...args }, opts);
  }
}
