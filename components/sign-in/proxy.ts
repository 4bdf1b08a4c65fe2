import type { SignInSpec } from "./spec.ts";

/** Name of oauth2-proxy's pods, Service and route. */
export const PROXY = "oauth2-proxy";

/** Image of oauth2-proxy. */
export const PROXY_IMAGE = "quay.io/oauth2-proxy/oauth2-proxy:v7.15.6";

/** Path that oauth2-proxy has on every host. */
export const PROXY_PATH = "/oauth2";

/** Port that it listens on. */
export const PROXY_PORT = 4180;

/** Directory of its files. */
export const PROXY_FILES = "/etc/oauth2-proxy";

/** Headers that tell an app who its user is. What else is spelled alike, `X_Auth-Request_User`, is the same to some servers. */
export const USER_HEADERS = "(?i)^x[-_]auth[-_]request[-_]";

const FILES = { emails: "emails", ca: "provider-ca.crt" } as const;

/** Files that oauth2-proxy reads. */
export function proxyFiles<T>({ emails = [] }: SignInSpec, ca: T | undefined): Record<string, T | string> {
  return {
    ...(emails.length > 0 && { [FILES.emails]: `${emails.join("\n")}\n` }),
    ...(ca !== undefined && { [FILES.ca]: ca }),
  };
}

/** What oauth2-proxy has to know of the stack that it is for. */
export interface ProxyContext {
  /** Hosts whose users it signs in. */
  readonly hosts: readonly string[];
  /** Domain whose hosts share a session. */
  readonly cookieDomain: string;
  /** What tells its cookies from those of other stacks: a DNS label. */
  readonly name: string;
  /** Whether an app asks for groups of its own. */
  readonly asksGroups: boolean;
}

/**
 * The environment of oauth2-proxy, but for its secrets. It answers whether a request may pass, and sends browsers to the provider.
 *
 * Source: {@link https://oauth2-proxy.github.io/oauth2-proxy/configuration/integrations/traefik#forwardauth-with-static-upstreams-configuration}.
 */
export function proxyEnv(spec: SignInSpec, context: ProxyContext): Record<string, string> {
  const { issuer, clientId, groups = [], emails = [], emailDomains = [], session = "12h" } = spec;
  const { groupsClaim = "groups", emailClaim = "email", trust = { kind: "system" } } = spec;
  const withGroups = groups.length > 0 || context.asksGroups ? " groups" : "";
  const anyone = emails.length === 0 && emailDomains.length === 0;
  return variables({
    provider: "oidc",
    oidc_issuer_url: issuer,
    client_id: clientId,
    scope: spec.scope ?? `openid email profile${withGroups}`,
    oidc_groups_claim: groupsClaim,
    oidc_email_claim: emailClaim,
    code_challenge_method: "S256",
    insecure_oidc_skip_nonce: "false",
    ...(groups.length > 0 && { allowed_groups: groups.join(",") }),
    ...(emails.length > 0 && { authenticated_emails_file: `${PROXY_FILES}/${FILES.emails}` }),
    ...((anyone || emailDomains.length > 0) && { email_domains: anyone ? "*" : emailDomains.join(",") }),
    ...(trust.kind !== "system" && { provider_ca_files: `${PROXY_FILES}/${FILES.ca}` }),
    // A browser refuses a cookie of this prefix that came by plain http.
    cookie_name: `__Secure-${context.name}`,
    cookie_domains: context.cookieDomain,
    cookie_expire: typeof session === "number" ? `${session}s` : session,
    cookie_samesite: "lax",
    // Each way to the provider has a cookie of its own: two at a time, as of two tabs or a page and its icon, would take each other's. Of
    // many at a time the oldest go, since apps refuse headers beyond some kilobytes.
    cookie_csrf_per_request: "true",
    cookie_csrf_per_request_limit: "5",
    // Users come back to the very port that they came by, or leave for the provider's own sign-out.
    whitelist_domains: [...context.hosts.map((host) => `${host}:*`), new URL(issuer).host].join(","),
    http_address: `0.0.0.0:${PROXY_PORT}`,
    proxy_prefix: PROXY_PATH,
    reverse_proxy: "true",
    upstreams: "static://202",
    set_xauthrequest: "true",
    skip_provider_button: "true",
    // It is asked for every request, and a callback's path has the user's code.
    request_logging: "false",
  });
}

const variables = (options: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`OAUTH2_PROXY_${name.toUpperCase()}`, value]),
  );

/** What Traefik asks whether a request may pass: it may if its user is in one of the groups. */
export const questionPath = (groups: readonly string[]): string =>
  groups.length === 0 ? "/" : `/?${new URLSearchParams({ allowed_groups: groups.join(",") }).toString()}`;
