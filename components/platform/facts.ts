import type * as pulumi from "@pulumi/pulumi";

import type { Endpoint } from "./app-platform.ts";

/** An ACME server that Traefik asks for certificates. */
export interface AcmeServer {
  /** URL of its directory. */
  readonly server: string;
}

/**
 * What the stacks on a shared platform have to know of it, as its own stack tells them by the output `platform`. Nothing in it is
 * secret; the authority's key is an output of its own, `authorityKey`, which is.
 */
export interface PlatformFacts {
  /** Project of its own stack. */
  readonly project: string;
  /** Name of its own stack. */
  readonly stack: string;
  /** Namespace of its Traefik, and of the accounts that its teams deploy by. */
  readonly namespace: string;
  /** IngressClass of the apps' routes. */
  readonly ingressClass: string;
  /** IngressClass of Ingresses with ingress-nginx annotations, where its Traefik has that provider. */
  readonly nginxIngressClass?: string | undefined;
  /** Class of Gateways, where its Traefik has that provider. */
  readonly gatewayClass?: string | undefined;
  /** Where clients reach it. */
  readonly endpoint: Endpoint;
  /** Port at which clients reach https, where it is known before `up`. */
  readonly httpsPort?: number | undefined;
  /** Ports that its Traefik listens on, by the names of its entry points. */
  readonly entryPoints: Readonly<Record<string, { readonly port: number }>>;
  /** The ACME server that its Traefik asks for certificates, where it asks one. */
  readonly acme?: AcmeServer | undefined;
  /** Names of the plugins that its Traefik has for middlewares, where it has any. */
  readonly plugins?: readonly string[] | undefined;
  /** Who signs certificates; absent where TLS is off. */
  readonly authority?:
    | {
        readonly commonName: string;
        /** PEM. */
        readonly certificate: string;
        /** RFC 3339. */
        readonly validityEnd: string;
      }
    | undefined;
  /** Namespaces of each team. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
}

/** Outputs that the stack of a shared platform has to have, by these names, for a `PlatformReference` to find. */
export interface PlatformOutputs {
  readonly platform: pulumi.Output<PlatformFacts>;
  /** Private key of its authority, PEM; a secret. `undefined` where TLS is off, or the stack has no authority. */
  readonly authorityKey: pulumi.Output<string> | undefined;
}
