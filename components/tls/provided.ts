import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component, type ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import type { Named } from "../base/named.ts";
import type { Transform } from "../base/transform.ts";
import { checkPair, endOf, leafOf } from "./chain.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { tlsSecret } from "./secret.ts";
import { endsSoon } from "./validity.ts";

/** Arguments of {@link ProvidedCertificate}. */
export interface ProvidedCertificateArgs extends ObjectArgs {
  /**
   * The certificate, PEM, and after it the intermediate ones, each of which signed the one before. The root may be left out. Rejected
   * where it is not for `hosts`, not valid now, or out of order.
   */
  readonly chain: pulumi.Input<string>;
  /** Private key of the first certificate, PEM, without a passphrase. Rejected where it is another's. */
  readonly key: pulumi.Input<string>;
  /** Host names that clients ask for. */
  readonly hosts: readonly string[];
  /** Changes the child resources before they are made. */
  readonly transform?: { readonly secret?: Transform<k8s.core.v1.SecretArgs> | undefined } | undefined;
}

/**
 * A server certificate that somebody else has signed, a bought one, as a Secret of type `kubernetes.io/tls` in the app's own
 * namespace. Another chain is taken by the same Secret, so that renewal cuts no connection.
 *
 * ```ts
 * const config = new pulumi.Config();
 * const tls = new ProvidedCertificate("shop", {
 *   namespace, hosts: ["shop.example.org"], chain: config.require("chain"), key: config.requireSecret("key"),
 * });
 * new Route("shop", { …, tls });
 * ```
 */
export class ProvidedCertificate extends Component implements Named {
  /** `metadata.name` of the Secret. */
  readonly name: pulumi.Output<string>;
  /** The same, which makes the component a route's `tls`. */
  readonly secretName: pulumi.Output<string>;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it. */
  readonly fingerprint: pulumi.Output<string>;
  /** When the certificate ends, RFC 3339. */
  readonly validityEnd: pulumi.Output<string>;
  /** Host names that it is for. */
  readonly hosts: readonly string[];
  /** The Kubernetes object. */
  readonly secret: k8s.core.v1.Secret;

  constructor(name: string, args: ProvidedCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    // The type of one that the authority signs: where the one takes the place of the other, the Secret is updated.
    super("tls:Certificate", name, opts);
    const { hosts } = args;
    const pair = pulumi.all([args.chain, args.key] as const).apply(([chain, key]) => {
      const problems = new Problems(`certificate ${name}`);
      checkPair({ chain, key }, hosts, problems);
      problems.throwIfAny();
      return { chain, key };
    });
    this.secret = tlsSecret(
      name,
      metadataOf(args.objectName ?? name, args),
      { certificate: pair.apply(({ chain }) => chain), key: pair.apply(({ key }) => key) },
      args.transform?.secret,
      this.child(),
    );

    this.name = this.secret.metadata.name;
    this.secretName = this.name;
    // What everybody is shown is no secret, though it stood beside one.
    const chain = pulumi.unsecret(pair).apply(({ chain }) => chain);
    this.fingerprint = chain.apply(fingerprintOf);
    this.validityEnd = chain.apply((text) => {
      const leaf = leafOf(text);
      return leaf === undefined ? "" : endOf(leaf);
    });
    this.hosts = hosts;
    // Nobody but the user has the next one.
    this.validityEnd.apply((end) => {
      const message = `the certificate of ${hosts.join(", ")} ends on ${end.slice(0, 10)}: set the next one before`;
      if (end !== "" && endsSoon(end)) void pulumi.log.warn(message, this.secret);
    });
  }
}
