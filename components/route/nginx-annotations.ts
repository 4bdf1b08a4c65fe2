/** What each kind of annotation is given as; all of them are texts in the end. */
export interface NginxValues {
  readonly text: string | readonly string[];
  readonly switch: boolean | "true" | "false";
  readonly number: number | string;
  readonly addresses: string | readonly string[];
}

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
} as const satisfies Readonly<Record<string, keyof NginxValues>>;

/** Name of an annotation that Traefik honours. */
export type NginxAnnotation = keyof typeof NGINX_ANNOTATIONS;

/**
 * Annotations of ingress-nginx by their names without the prefix: `{ "rewrite-target": "/$2", "use-regex": true }`.
 * Lists are joined by commas. The check of a route says why one that Traefik does not honour is refused.
 * @additionalProperties true
 */
export type NginxOptions = {
  readonly [name in NginxAnnotation]?: NginxValues[(typeof NGINX_ANNOTATIONS)[name]] | undefined;
};
