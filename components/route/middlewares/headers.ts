import type { Problems } from "../../base/errors.ts";
import { defined } from "../service-ref.ts";

/** Sets, changes and removes headers. An empty value removes the header. */
export interface Headers {
  /**
   * Tells browsers to be strict, in one word: https only for a year, no sniffing of types, no frames, and no more of the
   * address to other sites than its origin. What is given besides wins over the preset's. A browser that was told "https
   * only" rewrites `http://host:30350` to `https://host:30350`: with node ports, add `stsSeconds: 0`.
   * @default false
   */
  readonly security?: boolean | undefined;
  /** Headers towards the app. */
  readonly customRequestHeaders?: Readonly<Record<string, string>> | undefined;
  /** Headers towards the client. */
  readonly customResponseHeaders?: Readonly<Record<string, string>> | undefined;
  /** Origins whose scripts may read answers: `https://example.org`, or `*`. */
  readonly accessControlAllowOriginList?: readonly string[] | undefined;
  /** Go regular expressions of such origins. */
  readonly accessControlAllowOriginListRegex?: readonly string[] | undefined;
  readonly accessControlAllowMethods?: readonly string[] | undefined;
  readonly accessControlAllowHeaders?: readonly string[] | undefined;
  readonly accessControlExposeHeaders?: readonly string[] | undefined;
  /** Whether those scripts may send cookies; not with the origin `*`. */
  readonly accessControlAllowCredentials?: boolean | undefined;
  /** Seconds a browser may remember what was allowed. */
  readonly accessControlMaxAge?: number | undefined;
  readonly addVaryHeader?: boolean | undefined;
  /** Seconds for which browsers use https only (`Strict-Transport-Security`). */
  readonly stsSeconds?: number | undefined;
  readonly stsIncludeSubdomains?: boolean | undefined;
  readonly stsPreload?: boolean | undefined;
  /** Sends it over plain http, too. */
  readonly forceSTSHeader?: boolean | undefined;
  readonly frameDeny?: boolean | undefined;
  readonly customFrameOptionsValue?: string | undefined;
  readonly contentTypeNosniff?: boolean | undefined;
  readonly contentSecurityPolicy?: string | undefined;
  readonly contentSecurityPolicyReportOnly?: string | undefined;
  readonly referrerPolicy?: string | undefined;
  readonly permissionsPolicy?: string | undefined;
}

/**
 * What `security: true` stands for. No Content-Security-Policy, which depends on the page, and neither `includeSubDomains`
 * nor `preload`, which speak for hosts that may be somebody else's and are hard to take back.
 * Source: {@link https://owasp.org/www-project-secure-headers/ | OWASP Secure Headers Project}.
 */
const SECURITY_HEADERS = {
  stsSeconds: 31_536_000,
  contentTypeNosniff: true,
  frameDeny: true,
  referrerPolicy: "strict-origin-when-cross-origin",
  permissionsPolicy: "camera=(), geolocation=(), microphone=()",
} as const satisfies Headers;

/** The `headers` part of a Middleware. */
export const headersSpec = ({ security = false, ...headers }: Headers): object =>
  defined({ ...(security ? SECURITY_HEADERS : {}), ...defined(headers) });

export function checkHeaders(problems: Problems, key: string, headers: Headers): void {
  problems.unless(Object.keys(headersSpec(headers)).length > 0, key, headers, "must set at least one header");
  for (const field of ["customRequestHeaders", "customResponseHeaders"] as const) {
    for (const name of Object.keys(headers[field] ?? {})) {
      problems.unless(/^[\w!#$%&'*+.^`|~-]+$/.test(name), `${key}.${field}`, name, "must be a header's name");
    }
  }
  if (headers.accessControlAllowCredentials === true) {
    const anyone = headers.accessControlAllowOriginList?.includes("*") === true;
    problems.unless(
      !anyone,
      `${key}.accessControlAllowOriginList`,
      "*",
      "must name the origins that may send credentials",
    );
  }
}
