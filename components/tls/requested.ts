import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component, type ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import type { Named } from "../base/named.ts";
import { objectName, oneOf } from "../base/rules/index.ts";
import { transformed, type Transform } from "../base/transform.ts";
import { admittedByWebhook } from "../base/webhook.ts";
import { explainCertificate } from "./issuer-failure.ts";

/** Kinds of cert-manager's issuers: of one namespace, and of all. */
export const ISSUER_KINDS = ["Issuer", "ClusterIssuer"] as const;

/** An issuer of cert-manager's. */
export interface IssuerRef {
  /** Its `metadata.name`. */
  readonly name: string;
  /**
   * An `Issuer` has to be in the certificate's namespace before it is asked.
   * @default "ClusterIssuer"
   */
  readonly issuerKind?: (typeof ISSUER_KINDS)[number] | undefined;
}

/** Arguments of {@link RequestedCertificate}. */
export interface RequestedCertificateArgs extends ObjectArgs {
  /** Who issues it. */
  readonly issuer: IssuerRef;
  /** Host names that it is for. */
  readonly hosts: readonly string[];
  /** What has to be there for the issuer to be satisfied, as the Traefik that HTTP-01's challenges go through. @default nothing */
  readonly after?: readonly pulumi.Resource[] | undefined;
  /** Changes the child resources before they are made. */
  readonly transform?:
    { readonly certificate?: Transform<k8s.apiextensions.CustomResourceArgs> | undefined } | undefined;
}

/** Seconds in which a certificate has to be ready. */
const TIMEOUT = 300;

/**
 * A server certificate that cert-manager asks an issuer for and renews, in a Secret of the app's own namespace. It is waited for: what
 * uses it is made once it is there, and where it does not come, `up` says cert-manager's reason.
 *
 * ```ts
 * const tls = new RequestedCertificate("shop", {
 *   namespace, issuer: { name: "letsencrypt" }, hosts: ["shop.example.org"], after: [platform.traefik],
 * });
 * ```
 *
 * Source: {@link https://cert-manager.io/docs/usage/certificate/}.
 */
export class RequestedCertificate extends Component implements Named {
  /** `metadata.name` of the Certificate and of its Secret, known once it is ready. */
  readonly name: pulumi.Output<string>;
  /** The same, which makes the component a route's `tls`. */
  readonly secretName: pulumi.Output<string>;
  /** Host names that it is for. */
  readonly hosts: readonly string[];
  /** The Kubernetes object. */
  readonly certificate: k8s.apiextensions.CustomResource;

  constructor(name: string, args: RequestedCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tls:RequestedCertificate", name, opts);
    const { issuer, hosts, objectName = name, after = [] } = args;
    const problems = new Problems(`certificate ${name}`);
    problems.unless(hosts.length > 0, "hosts", undefined, "must name at least one host");
    checkIssuer(issuer, problems.at("issuer"));
    problems.throwIfAny();

    const onError = [...admittedByWebhook(name), explainCertificate(name, () => this)];
    const [certificate, options] = transformed<k8s.apiextensions.CustomResourceArgs>(
      args.transform?.certificate,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          ...metadataOf(objectName, args),
          annotations: {
            "pulumi.com/waitFor": "condition=Ready",
            "pulumi.com/timeoutSeconds": String(TIMEOUT),
          },
        },
        spec: certificateSpec(issuer, hosts, objectName),
      },
      this.child({ dependsOn: [...after], hooks: { onError } }),
    );
    this.certificate = new k8s.apiextensions.CustomResource(name, certificate, options);
    this.name = this.certificate.metadata.name;
    this.secretName = this.name;
    this.hosts = hosts;
  }
}

/** The `spec` of a Certificate: a new key with each renewal. */
const certificateSpec = ({ name, issuerKind }: IssuerRef, hosts: readonly string[], secretName: string) => ({
  secretName,
  dnsNames: [...hosts],
  issuerRef: { group: "cert-manager.io", kind: issuerKind ?? "ClusterIssuer", name },
  privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
});

/** Records what is wrong with an issuer. */
export function checkIssuer({ name, issuerKind }: IssuerRef, problems: Problems): void {
  problems.check("name", name, objectName);
  problems.check("issuerKind", issuerKind, oneOf(ISSUER_KINDS));
}
