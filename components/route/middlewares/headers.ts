import type { Problems } from "../../base/errors.ts";
import { defined } from "../../base/values.ts";
import { headerName, headerValue, method, rule, seconds } from "../../base/rules/index.ts";
import { goRegex } from "../go-regex.ts";

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
  /** Methods that those scripts may use. @default none */
  readonly accessControlAllowMethods?: readonly string[] | undefined;
  /** Headers that they may send. @default none */
  readonly accessControlAllowHeaders?: readonly string[] | undefined;
  /** Headers that they may read. @default none */
  readonly accessControlExposeHeaders?: readonly string[] | undefined;
  /** Whether they may send cookies; not with the origin `*`. @default false */
  readonly accessControlAllowCredentials?: boolean | undefined;
  /** Seconds a browser may remember what was allowed. @default 0 */
  readonly accessControlMaxAge?: number | undefined;
  /** Tells caches by `Vary: Origin` that the answer depends on the origin. @default false */
  readonly addVaryHeader?: boolean | undefined;
  /** Seconds for which browsers use https only (`Strict-Transport-Security`). @default 0 */
  readonly stsSeconds?: number | undefined;
  /** Uses https only for the hosts below, too. @default false */
  readonly stsIncludeSubdomains?: boolean | undefined;
  /** Asks for the browsers' preload lists. @default false */
  readonly stsPreload?: boolean | undefined;
  /** Sends it over plain http, too. @default false */
  readonly forceSTSHeader?: boolean | undefined;
  /** Forbids frames, by `X-Frame-Options: DENY`. @default false */
  readonly frameDeny?: boolean | undefined;
  /** `X-Frame-Options`, in place of `frameDeny`. @default none */
  readonly customFrameOptionsValue?: string | undefined;
  /** Forbids browsers to guess types, by `X-Content-Type-Options: nosniff`. @default false */
  readonly contentTypeNosniff?: boolean | undefined;
  /** `Content-Security-Policy`. @default none */
  readonly contentSecurityPolicy?: string | undefined;
  /** `Content-Security-Policy-Report-Only`. @default none */
  readonly contentSecurityPolicyReportOnly?: string | undefined;
  /** `Referrer-Policy`. @default none */
  readonly referrerPolicy?: string | undefined;
  /** `Permissions-Policy`. @default none */
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

/** Headers whose value is one text. */
const TEXTS = [
  "customFrameOptionsValue",
  "contentSecurityPolicy",
  "contentSecurityPolicyReportOnly",
  "referrerPolicy",
  "permissionsPolicy",
] as const;

/** An origin as browsers send it. Source: {@link https://www.rfc-editor.org/rfc/rfc6454#section-6.2}. */
const origin = rule<string>('must be an origin, as "https://example.org", or "*"', (text) =>
  /^(\*|null|[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+)$/.test(text),
);

const methodOrAny = rule<string>(
  'must be an HTTP method in capitals, as "GET", or "*"',
  (text) => text === "*" || method.test(text),
);

/** Whether a field sets anything in Traefik's eyes, which refuses a middleware of which none does. */
const isSet = (value: unknown): boolean =>
  value !== false &&
  value !== "" &&
  !(typeof value === "object" && value !== null && Object.keys(value).length === 0);

export function checkHeaders(headers: Headers, problems: Problems): void {
  const some = Object.values(headersSpec(headers)).some(isSet);
  problems.unless(some, "", headers, "must set at least one header");
  for (const field of ["customRequestHeaders", "customResponseHeaders"] as const) {
    for (const [name, value] of Object.entries(headers[field] ?? {})) {
      problems.check(field, name, headerName);
      problems.check(`${field}.${name}`, value, headerValue);
    }
  }
  for (const field of TEXTS) problems.check(field, headers[field], headerValue);
  problems.check("stsSeconds", headers.stsSeconds, seconds);
  problems.check("accessControlMaxAge", headers.accessControlMaxAge, seconds);
  problems.checkEach("accessControlAllowOriginList", headers.accessControlAllowOriginList, origin);
  problems.checkEach("accessControlAllowOriginListRegex", headers.accessControlAllowOriginListRegex, goRegex);
  problems.checkEach("accessControlAllowMethods", headers.accessControlAllowMethods, methodOrAny);
  problems.checkEach("accessControlAllowHeaders", headers.accessControlAllowHeaders, headerName);
  problems.checkEach("accessControlExposeHeaders", headers.accessControlExposeHeaders, headerName);
  const anyone = headers.accessControlAllowOriginList?.includes("*") === true;
  problems.unless(
    headers.accessControlAllowCredentials !== true || !anyone,
    "accessControlAllowOriginList",
    "*",
    "must name the origins that may send credentials",
  );
}
