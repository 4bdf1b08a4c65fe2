import type { Problems } from "../base/errors.ts";
import {
  all,
  dnsName,
  duration,
  email,
  hasControls,
  imageReference,
  positive,
  rule,
  webUrl,
} from "../base/rules/index.ts";
import { certificates } from "../tls/chain.ts";
import { checkResources } from "../workload/resources.ts";
import type { SignInSpec } from "./spec.ts";

/** A URL below which a provider has its configuration. Source: {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken}. */
const issuer = all(
  webUrl,
  rule<string>("must be https: who reads along would sign in as anybody", (text) =>
    text.startsWith("https:"),
  ),
  rule<string>("must have no query and no fragment", (text) => !/[?#]/.test(text)),
);

const emailDomain = rule<string>(
  "must be a domain, or * for everybody",
  (text) => text === "*" || dnsName.test(text),
);

/** Groups are told to oauth2-proxy as a list with commas. */
export const group = rule<string>(
  "must not be empty, nor have a comma, spaces at the ends or control characters",
  (text) => text !== "" && text === text.trim() && !text.includes(",") && !hasControls(text),
);

const scope = rule<string>('must be scopes with spaces between, among them "openid"', (text) =>
  text.split(" ").includes("openid"),
);

/** A domain that hosts share cookies of. */
export const cookieDomain = all(
  dnsName,
  rule<string>("must have two labels: browsers take no cookies for a bare top-level domain", (text) =>
    text.includes("."),
  ),
);

/** Whether a browser keeps a host's cookies for a domain. */
export const isBelow = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);

/** Records everything that is wrong with who signs users in. */
export function checkSignIn(spec: SignInSpec, problems: Problems): void {
  problems.check("issuer", spec.issuer, issuer);
  const { groups = [], emails = [], emailDomains = [], trust } = spec;
  const some = groups.length + emails.length + emailDomains.length > 0;
  problems.unless(
    some,
    "groups",
    undefined,
    'must name who may come in, or emails or emailDomains do: emailDomains: ["*"] lets in everybody whom the provider knows',
  );
  problems.checkEach("groups", groups, group);
  problems.checkEach("emails", emails, email);
  problems.checkEach("emailDomains", emailDomains, emailDomain);
  problems.check("scope", spec.scope, scope);
  problems.check("session", spec.session, duration);
  problems.check("image", spec.image, imageReference);
  problems.check("replicas", spec.replicas, positive);
  if (spec.resources !== undefined) checkResources(spec.resources, problems.at("resources"));
  if (trust?.kind === "pem") problems.check("trust.certificates", trust.certificates, certificates);
}
