import type * as pulumi from "@pulumi/pulumi";

import type { Resources } from "../workload/index.ts";

interface Tagged<K> {
  /** Tells it from the others. */
  readonly kind: K;
}

/** The authorities that oauth2-proxy's image trusts. */
export type SystemTrust = Tagged<"system">;

/** The platform's own authority, which has signed the provider's certificate, too. */
export type AuthorityTrust = Tagged<"authority">;

/** Authorities of the provider's own. */
export interface PemTrust extends Tagged<"pem"> {
  /** Their certificates, PEM. */
  readonly certificates: string;
}

/** Who may have signed the certificate of an OpenID provider. */
export type ProviderTrust = SystemTrust | AuthorityTrust | PemTrust;

/** Who signs users in, and which of them may come in. At least one of `groups`, `emails` and `emailDomains` is required. */
export interface SignInSpec {
  /** The provider's URL, `https://id.example.org`, below which it has `/.well-known/openid-configuration`. Rejected unless https. */
  readonly issuer: string;
  /** What the provider calls this client. */
  readonly clientId: string;
  /**
   * What the provider gave it to prove that.
   * @secret
   */
  readonly clientSecret: pulumi.Input<string>;
  /** Groups, one of which a user is in. @default any */
  readonly groups?: readonly string[] | undefined;
  /** Addresses of users. @default any, unless `emailDomains` is given */
  readonly emails?: readonly string[] | undefined;
  /**
   * Domains of users' addresses, or `*` for everybody whom the provider knows: of a public provider, that is everybody.
   * @default any, unless `emails` is given
   */
  readonly emailDomains?: readonly string[] | undefined;
  /** Scopes that the provider is asked for. @default "openid email profile", and "groups" where groups are asked for */
  readonly scope?: string | undefined;
  /** Claim that has a user's groups. @default "groups" */
  readonly groupsClaim?: string | undefined;
  /** Claim that has a user's address. @default "email" */
  readonly emailClaim?: string | undefined;
  /** Who may have signed the provider's certificate. @default `{ kind: "system" }` */
  readonly trust?: ProviderTrust | undefined;
  /**
   * How long users stay signed in: seconds, or a duration. What the provider takes from a user meanwhile, a group for instance, counts
   * from the next time on.
   * @default "12h"
   */
  readonly session?: string | number | undefined;
  /** Image of oauth2-proxy 7.15.6 or later. @default the official one */
  readonly image?: string | undefined;
  /** Pods of oauth2-proxy, each of which every request may ask. @default 1 */
  readonly replicas?: number | undefined;
  /** What each of its pods asks for. @default that of every container */
  readonly resources?: Resources | undefined;
}
