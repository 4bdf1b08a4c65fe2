import { isIP } from "node:net";

import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import type { StringMap } from "../base/labels.ts";
import type { StackInfo } from "../base/stack.ts";
import {
  Certificate,
  type CertificateAuthority,
  type KeySpec,
  type Subject,
  type Validity,
} from "../tls/index.ts";
import { Traefik, type TraefikArgs } from "../traefik/index.ts";
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
  readonly stack: StackInfo;
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
  readonly #tls: PlatformTls | false;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Platform", name, args, opts);
    const { stack, tls, address } = args;
    this.stack = stack;
    this.#tls = tls;

    this.authority = tls === false ? undefined : tls.authority;
    this.traefik = new Traefik(
      `${name}-traefik`,
      {
        ...(tls === false && { redirect: "none" }),
        // Ingresses and Gateways then say in their status where they are reached.
        ...(address !== undefined && { address: isIP(address) ? { ip: address } : { hostname: address } }),
        ...args.traefik,
        stack,
        namespace: `${stack.project}-${stack.stack}-traefik`,
      },
      { parent: this },
    );
    this.ingressClass = this.traefik.ingressClass;
    this.endpoint = pulumi
      .all([this.traefik.ports, this.traefik.loadBalancer])
      .apply(([{ http, https }, loadBalancer]) => ({
        address: address ?? loadBalancer ?? "",
        http,
        https: tls === false ? undefined : https,
      }));
    this.registerOutputs({ ingressClass: this.ingressClass, endpoint: this.endpoint });
  }

  /** Whether apps are served over https. */
  get secure(): boolean {
    return this.#tls !== false;
  }

  /** Entry points of the apps' routes. */
  get entryPoints(): readonly string[] {
    return [this.secure ? "websecure" : "web"];
  }

  /** URL at which clients reach a host and path, with the port where it is not the scheme's own. */
  url(host: string, path = "/"): pulumi.Output<string> {
    return this.endpoint.apply(({ http, https }) =>
      this.secure ? urlOf("https", host, https, path) : urlOf("http", host, http, path),
    );
  }

  /** A certificate for an app's hosts, signed by the stack's authority; `undefined` where TLS is off. */
  certificate(
    name: string,
    args: {
      readonly app: string;
      readonly namespace: pulumi.Input<string>;
      readonly hosts: readonly string[];
      readonly labels?: StringMap | undefined;
    },
    opts: pulumi.ComponentResourceOptions,
  ): Certificate | undefined {
    if (this.#tls === false || this.authority === undefined) return undefined;
    return new Certificate(
      name,
      { stack: this.stack, authority: this.authority, ...this.#tls.certificates, ...args },
      opts,
    );
  }
}
