import "./program/stack-traces.ts";

import * as pulumi from "@pulumi/pulumi";

import { Cluster } from "./components/index.ts";
import { readConfig, stackSource } from "./program/config.ts";
import { deployApps } from "./program/deploy.ts";
import { platformOf } from "./program/platform.ts";
import { readme as readmeOf } from "./program/readme.ts";
import { versionsOf } from "./program/versions.ts";

const config = readConfig(stackSource());
const versions = versionsOf(config);

const cluster = new Cluster("kubernetes", { context: config.context });
const base = await platformOf(config, cluster);
const apps = deployApps(config, base, versions);

/** URLs by app. */
export const urls = pulumi.output(
  Object.fromEntries(apps.flatMap(({ config: { name }, app: { url } }) => (url ? [[name, url]] : []))),
);
/** Where clients reach the stack: `{ address, http, https }`. */
export const endpoint = base.endpoint;
/** What clients trust, PEM. */
export const caCertificate = base.authority?.certificate;
/** Certificates by their Secret: `{ "slipway-dev/hello.example.org-tls": { hosts, fingerprint, validityEnd } }`. */
export const certificates = base.certificates;
/** IngressClass of the stack's routes. */
export const ingressClass = base.ingressClass;
/** What the stacks on a shared platform have to know of it; no output where it is not shared. */
export const platform = pulumi.output(base.outputs?.platform);
/** Private key of a shared platform's authority, for the certificates of those stacks; a secret. */
export const authorityKey = pulumi.output(base.outputs?.authorityKey);
/** The stack's page. */
export const readme = pulumi
  .all([endpoint, urls, ingressClass, certificates, base.authority?.validityEnd] as const)
  .apply(([endpoint, urls, ingressClass, certificates, validityEnd]) =>
    readmeOf({
      config,
      endpoint,
      urls,
      ingressClass,
      versions,
      certificates,
      authority: base.authority && { commonName: base.authority.commonName, validityEnd: validityEnd ?? "" },
    }),
  );
