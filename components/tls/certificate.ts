import { isIP } from "node:net";

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { Component, type ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import type { Named } from "../base/named.ts";
import { dnsName, objectName, type Rule, rule } from "../base/rules/index.ts";
import type { Transform } from "../base/transform.ts";
import type { Authority } from "./authority.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { privateKey, type KeySpec } from "./key.ts";
import { tlsSecret } from "./secret.ts";
import { checkSubject, subjectOf, type Subject } from "./subject.ts";
import { checkValidity, validityHours, type Validity } from "./validity.ts";

/** Arguments of {@link Certificate}. */
export interface CertificateArgs extends ObjectArgs, Validity {
  /**
   * App the certificate is for, whose labels its Secret has.
   * @default none; it belongs to the stack
   */
  readonly app?: string | undefined;
  /**
   * `metadata.name` of the Secret.
   * @default `<app>-tls`, or `<component's name>-tls` without an app
   */
  readonly objectName?: string | undefined;
  /** Who signs it. */
  readonly authority: Authority;
  /**
   * Host names and addresses it is valid for, the first being its common name. A name may begin with `*.`, which stands
   * for one label.
   */
  readonly hosts: readonly string[];
  /** Kind of its key. */
  readonly key: KeySpec;
  /**
   * The rest of its subject.
   * @default none
   */
  readonly subject?: Subject | undefined;
  /** Changes the child resources before they are made. */
  readonly transform?: { readonly secret?: Transform<k8s.core.v1.SecretArgs> | undefined } | undefined;
}

/**
 * A server certificate for an app's hosts, as a Secret of type `kubernetes.io/tls` in the app's own namespace: Traefik
 * looks for it nowhere else. The Secret keeps its name when the certificate is issued anew, and with the provider's
 * `enableSecretMutable` is updated in place, so that renewal cuts no connection.
 *
 * Apple's clients refuse more than 825 days of validity, whoever signed.
 */
export class Certificate extends Component implements Named {
  /** `metadata.name` of the Secret. */
  readonly name: pulumi.Output<string>;
  /** The same, which makes the component a route's `tls`. */
  readonly secretName: pulumi.Output<string>;
  /** The certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it. */
  readonly fingerprint: pulumi.Output<string>;
  /** When the certificate ends, RFC 3339. */
  readonly validityEnd: pulumi.Output<string>;
  /** Host names and addresses it is valid for. */
  readonly hosts: readonly string[];
  /** The Kubernetes object. */
  readonly secret: k8s.core.v1.Secret;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tls:Certificate", name, opts);
    const problems = new Problems(`certificate ${name}`);
    checkCertificate(args, problems);
    problems.throwIfAny();

    const key = privateKey(`${name}-key`, args.key, this.child());
    const leaf = this.#sign(name, args, this.#request(name, args, key.privateKeyPem));
    const { app = name, objectName = `${app}-tls` } = args;
    const pair = { certificate: leaf.certPem, key: key.privateKeyPem };
    this.secret = tlsSecret(name, metadataOf(objectName, args), pair, args.transform?.secret, this.child());

    this.name = this.secret.metadata.name;
    this.secretName = this.name;
    this.certificate = leaf.certPem;
    this.fingerprint = leaf.certPem.apply(fingerprintOf);
    this.validityEnd = leaf.validityEndTime;
    this.hosts = args.hosts;
  }

  #request(name: string, args: CertificateArgs, key: pulumi.Output<string>): tls.CertRequest {
    const [commonName = ""] = args.hosts;
    return new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key,
        subject: subjectOf(args.subject ?? {}, commonName),
        ...alternativeNames(args.hosts),
      },
      this.child(),
    );
  }

  #sign(name: string, args: CertificateArgs, request: tls.CertRequest): tls.LocallySignedCert {
    return new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: args.authority.key,
        caCertPem: args.authority.certificate,
        setSubjectKeyId: true,
        allowedUses: keyUses(args.key),
        ...validityHours(args),
      },
      this.child(),
    );
  }
}

/** Hosts by the kind of alternative name they are. */
function alternativeNames(hosts: readonly string[]): { dnsNames?: string[]; ipAddresses?: string[] } {
  const dnsNames = hosts.filter((host) => isIP(host) === 0);
  const ipAddresses = hosts.filter((host) => isIP(host) !== 0);
  return {
    ...(dnsNames.length > 0 ? { dnsNames } : {}),
    ...(ipAddresses.length > 0 ? { ipAddresses } : {}),
  };
}

/** An RSA key may be used to encipher the session's; an ECDSA key only signs. */
const keyUses = (key: KeySpec): string[] => [
  "digital_signature",
  ...(key.algorithm === "RSA" ? ["key_encipherment"] : []),
  "server_auth",
];

/** A host that a certificate can be for. */
const certifiedHost = rule<string>(
  "must be a host name or an address",
  (host) => isIP(host) !== 0 || dnsName.test(host.replace(/^\*\./, "")),
);

/** Records what is wrong with a certificate. */
export function checkCertificate(args: CertificateArgs, problems: Problems): void {
  const { hosts, authority, subject = {} } = args;
  problems.unless(hosts.length > 0, "hosts", undefined, "must name at least one host");
  problems.checkEach("hosts", hosts, certifiedHost);
  problems.checkEach("hosts", hosts, differs(authority.commonName));
  problems.check("objectName", args.objectName ?? `${args.app}-tls`, objectName);
  checkSubject(subject, problems.at("subject"));
  checkMetadata(args, problems);
  checkValidity(args, problems);
}

/** A host that is not the issuer's name. */
const differs = (commonName: string): Rule<string> =>
  rule(
    "must differ from the authority's common name, or the certificate looks self-signed",
    (host) => host !== commonName,
  );
