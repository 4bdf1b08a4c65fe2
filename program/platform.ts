import {
  type AppPlatform,
  CertificateAuthority,
  type Cluster,
  Platform,
  PlatformReference,
  type PlatformTls,
} from "../components/index.ts";
import type { StackConfig } from "./config.ts";
import { checkFit } from "./fit.ts";
import { protectNamespaces } from "./protect.ts";

/** The platform of the stack's apps: its own, or that of the stack it names. */
export async function platformOf(config: StackConfig, cluster: Cluster): Promise<AppPlatform> {
  const { stack, platformStack, tls, protect } = config;
  // The namespaces are below it.
  const opts = { provider: cluster, transformations: protect ? [protectNamespaces] : [] };
  if (platformStack === undefined) {
    return new Platform("platform", { ...config, tls: ownTls(tls) }, opts);
  }
  const certificates = tls === false ? undefined : tls.certificates;
  const platform = await PlatformReference.read("platform", { platformStack, stack, certificates }, opts);
  checkFit(config, platform.facts);
  return platform;
}

/** Certificates that an authority of the stack's own signs, where there is one. */
function ownTls(tls: StackConfig["tls"]): PlatformTls | false {
  if (tls === false) return false;
  const authority = tls.authority && new CertificateAuthority("authority", tls.authority);
  return { authority, certificates: tls.certificates };
}
