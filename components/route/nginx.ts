import type { Problems } from "../base/errors.ts";
import { addressOrCidr, hasControls, type Rule, rule } from "../base/rules/index.ts";

/** What every annotation of ingress-nginx begins with. */
const NGINX_PREFIX = "nginx.ingress.kubernetes.io/";

type Value = "text" | "switch" | "number" | "addresses";

/**
 * The annotations of ingress-nginx that Traefik 3.7.11 honours, without their prefix, and what they hold.
 * Source: {@link https://github.com/traefik/traefik/blob/v3.7.11/pkg/provider/kubernetes/ingress-nginx/annotations.go}.
 */
export const NGINX_ANNOTATIONS = {
  "auth-type": "text",
  "auth-secret": "text",
  "auth-realm": "text",
  "auth-secret-type": "text",
  "auth-url": "text",
  "auth-signin": "text",
  "auth-response-headers": "text",
  "auth-method": "text",
  "enable-global-auth": "switch",
  "auth-tls-secret": "text",
  "auth-tls-verify-client": "text",
  "auth-tls-pass-certificate-to-upstream": "switch",
  "force-ssl-redirect": "switch",
  "ssl-redirect": "switch",
  "ssl-passthrough": "switch",
  "use-regex": "switch",
  "rewrite-target": "text",
  "app-root": "text",
  "permanent-redirect": "text",
  "permanent-redirect-code": "number",
  "temporal-redirect": "text",
  "temporal-redirect-code": "number",
  "from-to-www-redirect": "switch",
  "server-alias": "text",
  affinity: "text",
  "session-cookie-name": "text",
  "session-cookie-secure": "switch",
  "session-cookie-path": "text",
  "session-cookie-domain": "text",
  "session-cookie-samesite": "text",
  "session-cookie-max-age": "number",
  "session-cookie-expires": "number",
  "service-upstream": "switch",
  "upstream-hash-by": "text",
  "backend-protocol": "text",
  "proxy-ssl-secret": "text",
  "proxy-ssl-verify": "text",
  "proxy-ssl-name": "text",
  "proxy-ssl-server-name": "text",
  "proxy-connect-timeout": "number",
  "proxy-read-timeout": "number",
  "proxy-send-timeout": "number",
  "proxy-next-upstream": "text",
  "proxy-next-upstream-tries": "number",
  "proxy-next-upstream-timeout": "number",
  "proxy-http-version": "text",
  "enable-cors": "switch",
  "cors-allow-credentials": "switch",
  "cors-expose-headers": "text",
  "cors-allow-headers": "text",
  "cors-allow-methods": "text",
  "cors-allow-origin": "text",
  "cors-max-age": "number",
  "enable-access-log": "switch",
  "whitelist-source-range": "addresses",
  "allowlist-source-range": "addresses",
  "limit-rpm": "number",
  "limit-rps": "number",
  "limit-burst-multiplier": "number",
  "limit-connections": "number",
  "custom-headers": "text",
  "upstream-vhost": "text",
  "x-forwarded-prefix": "text",
  "custom-http-errors": "text",
  "default-backend": "text",
  "proxy-request-buffering": "text",
  "client-body-buffer-size": "text",
  "proxy-body-size": "text",
  "proxy-buffering": "text",
  "proxy-buffer-size": "text",
  "proxy-buffers-number": "number",
  "proxy-max-temp-file-size": "text",
  canary: "switch",
  "canary-by-cookie": "text",
  "canary-by-header": "text",
  "canary-by-header-value": "text",
  "canary-by-header-pattern": "text",
  "canary-weight": "number",
  "canary-weight-total": "number",
} as const satisfies Readonly<Record<string, Value>>;

/** Name of an annotation that Traefik honours. */
export type NginxAnnotation = keyof typeof NGINX_ANNOTATIONS;

/**
 * Annotations of ingress-nginx by their names without the prefix: `{ "rewrite-target": "/$2", "use-regex": true }`.
 * Lists are joined by commas. The check of a route says why one that Traefik does not honour is refused.
 * @additionalProperties true
 */
export type NginxOptions = {
  readonly [name in NginxAnnotation]?: string | number | boolean | readonly string[] | undefined;
};

/** Why Traefik does not honour what it at least knows. */
const REFUSED: Readonly<Record<string, string>> = {
  "configuration-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute",
  "server-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute",
  "auth-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a forwardAuth middleware of an ingressRoute",
  "affinity-canary-behavior":
    "changes nothing in Traefik, whose clients always stay with the version they had",
  "affinity-mode": "changes nothing in Traefik, whose mode is always persistent",
  "denylist-source-range": "is not honoured by Traefik; list who may come in allowlist-source-range",
  "mirror-target": "is not honoured by Traefik; use the mirroring of a TraefikService",
  "preserve-trailing-slash": "changes nothing in Traefik, which always preserves it",
};

const NOT_HONOURED = "is not honoured by Traefik 3.7.11";

/** The annotations of an Ingress as Kubernetes wants them: names in full, values as text. */
export const nginxAnnotations = (options: NginxOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        `${NGINX_PREFIX}${name}`,
        Array.isArray(value) ? value.join(",") : String(value),
      ]),
  );

/** An annotation of ingress-nginx: where it was given, and its value. */
interface Given {
  readonly key: string;
  readonly value: string;
}

/** What was given of ingress-nginx, by the names without prefix; an option wins over an annotation in full. */
function givenOf(
  nginx: NginxOptions,
  annotations: Readonly<Record<string, string>>,
): ReadonlyMap<string, Given> {
  const short = (name: string): string => name.slice(NGINX_PREFIX.length);
  return new Map<string, Given>([
    ...Object.entries(annotations)
      .filter(([name]) => name.startsWith(NGINX_PREFIX))
      .map(([name, value]) => [short(name), { key: `annotations.${name}`, value }] as const),
    ...Object.entries(nginxAnnotations(nginx)).map(
      ([name, value]) => [short(name), { key: `nginx.${short(name)}`, value }] as const,
    ),
  ]);
}

/**
 * Records each annotation of ingress-nginx that Traefik would leave aside, or whose value it would.
 * @param annotations of the user's, which may be of ingress-nginx, too
 */
export function checkNginx(
  nginx: NginxOptions,
  annotations: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  const given = givenOf(nginx, annotations);
  for (const [name, { key, value }] of given) {
    if (Object.hasOwn(NGINX_ANNOTATIONS, name)) {
      problems.check(key, value, VALUES[NGINX_ANNOTATIONS[name as NginxAnnotation]]);
    } else {
      problems.add(key, value, REFUSED[name] ?? NOT_HONOURED);
    }
  }
  checkCanary(given, problems);
}

/** Records annotations of ingress-nginx on an Ingress that the provider which reads them does not read. */
export function refuseNginx(annotations: Readonly<Record<string, string>>, problems: Problems): void {
  for (const [name, { key, value }] of givenOf({}, annotations)) {
    const allowed = Object.hasOwn(NGINX_ANNOTATIONS, name)
      ? `is read only of a route with nginx: { "${name}": … }`
      : (REFUSED[name] ?? NOT_HONOURED);
    problems.add(key, value, allowed);
  }
}

/**
 * Records what is wrong with a redirect to https. Traefik's provider leads to port 443, whatever port clients reach, and
 * does so for every Ingress with TLS that does not say otherwise.
 * @param port of `redirectToHttps`
 */
export function checkNginxRedirect(
  nginx: NginxOptions,
  { port, tls }: { readonly port: number | undefined; readonly tls: boolean },
  problems: Problems,
): void {
  for (const name of ["ssl-redirect", "force-ssl-redirect"] as const) {
    const given = nginx[name];
    const conflict = port !== undefined && String(given) === "true";
    problems.unless(
      !conflict,
      `nginx.${name}`,
      given,
      "leads to port 443; leave it out beside redirectToHttps",
    );
  }
  const said =
    port !== undefined || nginx["ssl-redirect"] !== undefined || nginx["force-ssl-redirect"] !== undefined;
  problems.unless(
    !tls || said,
    "redirectToHttps",
    undefined,
    'is required with nginx and tls: the port at which clients reach https; or say "ssl-redirect": false',
  );
}

const VALUES: Readonly<Record<Value, Rule<string>>> = {
  // Several headers may stand in one value, a line each.
  text: rule(
    "must not be empty, nor have control characters",
    (text) => text !== "" && !hasControls(text.replaceAll("\n", "")),
  ),
  switch: rule('must be "true" or "false"', (text) => /^(true|false)$/.test(text)),
  number: rule("must be a whole number", (text) => /^\d{1,9}$/.test(text)),
  addresses: rule("must be addresses or CIDRs, joined by commas", (text) =>
    text.split(",").every((part) => addressOrCidr.test(part.trim())),
  ),
};

function checkCanary(given: ReadonlyMap<string, Given>, problems: Problems): void {
  const criteria = ["canary-weight", "canary-by-header", "canary-by-cookie"] as const;
  const some = criteria.some((name) => given.has(name));
  const { key = "nginx.canary", value } = given.get("canary") ?? {};
  if (value === "true") {
    problems.unless(some, key, value, `needs one of ${criteria.join(", ")}`);
  } else {
    problems.unless(!some, key, value, 'must be "true" for the other canary annotations to count');
  }
  for (const name of ["canary-by-header-value", "canary-by-header-pattern"]) {
    const refined = given.get(name);
    if (refined !== undefined && !given.has("canary-by-header"))
      problems.add(refined.key, refined.value, "needs canary-by-header");
  }
}
