import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { privateKey, type KeySpec } from "./key.ts";
import { checkSubject, type NamedSubject } from "./subject.ts";
import { checkValidity, validityHours, type Validity } from "./validity.ts";

/** Who signs certificates: the component {@link CertificateAuthority}, or one that another stack has. */
export interface Authority {
  /** Its certificate, PEM: what clients are told to trust. */
  readonly certificate: pulumi.Output<string>;
  /** When the certificate ends, RFC 3339. */
  readonly validityEnd: pulumi.Output<string>;
  /** Its private key, PEM; a secret. */
  readonly key: pulumi.Output<string>;
  /** Common name, by which issued certificates name their issuer. */
  readonly commonName: string;
}

/** Arguments of {@link CertificateAuthority}. */
export interface CertificateAuthorityArgs extends Validity {
  /** Kind of its key. */
  readonly key: KeySpec;
  /**
   * Whom it is about. The common name must differ from every host's: a leaf with its issuer's name looks self-signed to
   * OpenSSL, which then refuses it.
   */
  readonly subject: NamedSubject;
}

/**
 * A private certificate authority. Its key stays in the stack's encrypted state, unless the stack hands it to others as a secret
 * output; clients trust what it signs once they are given {@link CertificateAuthority.certificate}.
 *
 * ```ts
 * const authority = new CertificateAuthority("authority", {
 *   key: { algorithm: "ECDSA" },
 *   subject: { organization: "Example", commonName: "Example CA" },
 *   validityDays: 3650,
 * });
 * ```
 */
export class CertificateAuthority extends Component implements Authority {
  readonly certificate: pulumi.Output<string>;
  readonly validityEnd: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
  readonly commonName: string;

  constructor(name: string, args: CertificateAuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tls:CertificateAuthority", name, opts);
    const problems = new Problems(`certificate authority ${name}`);
    checkAuthority(args, problems);
    problems.throwIfAny();

    const key = privateKey(`${name}-key`, args.key, this.child());
    const certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { ...args.subject },
        isCaCertificate: true,
        // Several authorities may have one name after a change of key; clients tell them apart by these ids.
        setSubjectKeyId: true,
        setAuthorityKeyId: true,
        allowedUses: ["cert_signing", "crl_signing"],
        ...validityHours(args),
      },
      this.child(),
    );

    this.certificate = certificate.certPem;
    this.validityEnd = certificate.validityEndTime;
    this.key = key.privateKeyPem;
    this.commonName = args.subject.commonName;
  }
}

/** Records what is wrong with an authority. */
export function checkAuthority({ subject, ...validity }: CertificateAuthorityArgs, problems: Problems): void {
  checkSubject(subject, problems.at("subject"));
  checkValidity(validity, problems);
}
