import "./program/stack-traces.ts";

import * as pulumi from "@pulumi/pulumi";

import { CertificateAuthority, Cluster, Platform } from "./components/index.ts";
import { readConfig, stackSource } from "./program/config.ts";
import { deployApps } from "./program/deploy.ts";
import { readme as readmeOf } from "./program/readme.ts";
import { versionsOf } from "./program/versions.ts";

const config = readConfig(stackSource());
const versions = versionsOf(config);

const cluster = new Cluster("kubernetes", { context: config.context });

const tls = config.tls && {
  ...config.tls,
  authority: new CertificateAuthority("authority", config.tls.authority),
};
const platform = new Platform("platform", { ...config, tls }, { provider: cluster });

const apps = deployApps(config, platform, versions);

/** URLs by app. */
export const urls = pulumi.output(
  Object.fromEntries(apps.flatMap(({ config: { name }, app: { url } }) => (url ? [[name, url]] : []))),
);
/** Where clients reach the stack: `{ address, http, https }`. */
export const endpoint = platform.endpoint;
/** What clients trust, PEM. */
export const caCertificate = platform.authority?.certificate;
/** The stack's IngressClass. */
export const ingressClass = platform.ingressClass;
/** The stack's page. */
export const readme = pulumi
  .all([endpoint, urls, ingressClass, platform.authority?.validityEnd] as const)
  .apply(([endpoint, urls, ingressClass, validityEnd]) =>
    readmeOf({ config, endpoint, urls, ingressClass, versions, validityEnd }),
  );
