import * as pulumi from "@pulumi/pulumi";

import { defined } from "../components/base/values.ts";
import type { AppPlatform, PlatformOutputs } from "../components/index.ts";
import type { StackConfig } from "./config.ts";
import type { Deployed } from "./deploy.ts";
import { readme as readmeOf } from "./readme.ts";

/** A stack's outputs, without those that there are none of: Pulumi would warn of each. */
export function outputsOf(
  config: StackConfig,
  base: AppPlatform,
  { apps, signIn }: Deployed,
  versions: Readonly<Record<string, string>>,
): Outputs {
  const { endpoint, ingressClass, certificates, authority } = base;
  const urls = pulumi.output(
    Object.fromEntries(apps.flatMap(({ config: { name }, app: { url } }) => (url ? [[name, url]] : []))),
  );
  const readme = pulumi
    .all([endpoint, urls, ingressClass, certificates, authority?.validityEnd, signIn?.callbacks] as const)
    .apply(([endpoint, urls, ingressClass, certificates, validityEnd, callbacks]) =>
      readmeOf({
        config,
        endpoint,
        urls,
        ingressClass,
        versions,
        certificates,
        callbacks: callbacks ?? [],
        authority: authority && { commonName: authority.commonName, validityEnd: validityEnd ?? "" },
      }),
    );
  const caCertificate = authority?.certificate;
  return defined({ urls, endpoint, caCertificate, certificates, ingressClass, ...base.outputs, readme });
}

/** What a stack tells whoever asks, and other stacks. */
export interface Outputs extends Partial<PlatformOutputs> {
  /** URLs by app. */
  readonly urls: pulumi.Output<Record<string, string>>;
  /** Where clients reach the stack: `{ address, http, https }`. */
  readonly endpoint: AppPlatform["endpoint"];
  /** What clients trust, PEM. */
  readonly caCertificate?: pulumi.Output<string>;
  /** Certificates by their Secret: `{ "slipway-dev/hello.example.org-tls": { hosts, fingerprint, validityEnd } }`. */
  readonly certificates: AppPlatform["certificates"];
  /** IngressClass of the stack's routes. */
  readonly ingressClass: pulumi.Output<string>;
  /** The stack's page. */
  readonly readme: pulumi.Output<string>;
}
