import type { Problems } from "../../components/base/errors.ts";
import { objectName } from "../../components/base/rules/index.ts";
import type { CertificateSource } from "../../components/platform/index.ts";
import { checkIssuer } from "../../components/tls/requested.ts";
import { checkPair } from "../../components/tls/chain.ts";
import type { Settings } from "../settings/index.ts";
import type { StackConfig } from "./resolve.ts";

/**
 * Records what is wrong with certificates from elsewhere.
 * @param plain the settings, with keys as text: sealed ones cannot be compared with their certificates
 */
export function checkCertificates(
  plain: Settings,
  { apps: resolved }: StackConfig,
  problems: Problems,
): void {
  const { tls = {}, apps = {} } = plain;
  const published = resolved.filter(({ spec }) => spec.hosts.length > 0);
  const sourceOf = (name: string): CertificateSource | undefined => apps[name]?.certificate ?? tls.source;
  const others = published.filter(({ name }) => apps[name]?.certificate === undefined);
  checkSource(
    tls.source,
    others.flatMap(({ spec }) => spec.hosts),
    problems.at("tls", "source"),
  );
  for (const { name, spec } of published) {
    checkSource(apps[name]?.certificate, spec.hosts, problems.at("apps", name, "certificate"));
  }
  for (const [name, { certificate }] of Object.entries(apps)) {
    if (certificate === undefined) continue;
    const own = problems.at("apps", name);
    const off = tls.enabled === false;
    own.unless(!off, "certificate", undefined, "needs tls, which tls.enabled: false turns off");
    const isPublished = published.some((app) => app.name === name);
    own.unless(
      isPublished,
      "certificate",
      undefined,
      "is for the hosts of a published app, and this is none",
    );
  }
  const off = tls.enabled === false && tls.source !== undefined;
  problems.unless(!off, "tls.source", undefined, "needs tls, which tls.enabled: false turns off");

  checkAcme(plain, problems);

  const owners = new Map<string, string>();
  for (const { name, spec } of published) {
    for (const host of spec.hosts) {
      const owner = owners.get(host) ?? name;
      owners.set(host, owner);
      const same = JSON.stringify(sourceOf(owner)) === JSON.stringify(sourceOf(name));
      const clash = `is another than that of apps.${owner}, which has the host ${host}, too: Traefik would serve either`;
      problems.unless(same, `apps.${name}.certificate`, undefined, clash);
    }
  }
}

function checkSource(
  source: CertificateSource | undefined,
  hosts: readonly string[],
  problems: Problems,
): void {
  if (source?.kind === "secret") problems.check("secretName", source.secretName, objectName);
  if (source?.kind === "issuer") checkIssuer(source, problems);
  if (source?.kind !== "pem") return;
  const { chain, key } = source;
  if (typeof chain === "string" && typeof key === "string") checkPair({ chain, key }, hosts, problems);
}

/** Records certificates that Traefik is to ask for and is not told whom. A platform of another stack is asked once it is known. */
function checkAcme({ tls = {}, traefik = {}, apps = {}, platform = {} }: Settings, problems: Problems): void {
  const off = tls.enabled === false && traefik.acme !== undefined;
  problems.unless(!off, "traefik.acme", undefined, "needs tls, which tls.enabled: false turns off");
  if (traefik.acme !== undefined || platform.stack !== undefined) return;
  const needs = "needs traefik.acme, which says whom Traefik asks";
  problems.unless(tls.source?.kind !== "acme", "tls.source.kind", "acme", needs);
  for (const [name, { certificate }] of Object.entries(apps)) {
    problems.unless(certificate?.kind !== "acme", `apps.${name}.certificate.kind`, "acme", needs);
  }
}
