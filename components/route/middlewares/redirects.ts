import type { Problems } from "../../base/errors.ts";
import { port, replacementText, rule } from "../../base/rules/index.ts";
import { goRegex } from "../go-regex.ts";

/** Answers with a redirect to the same URL under another scheme or port. */
export interface RedirectScheme {
  /** Scheme that clients are led to. @default "https" */
  readonly scheme?: "http" | "https" | undefined;
  /**
   * Port that a client reaches: the NodePort's, not Traefik's own.
   * @default the scheme's
   */
  readonly port?: number | string | undefined;
  /** Whether browsers may remember it: 301 for GET and 308 otherwise, instead of 302 and 307. @default false */
  readonly permanent?: boolean | undefined;
}

/** Answers with a redirect to a URL made from the request's. */
export interface RedirectRegex {
  /** Go regular expression over the whole URL: `^https?://www\.(.+)`. */
  readonly regex: string;
  /** With `$1` or `${1}` for the first group: `https://${1}`. */
  readonly replacement: string;
  /** Whether browsers may remember it. @default false */
  readonly permanent?: boolean | undefined;
}

/** The `redirectScheme` part of a Middleware. The scheme's own port is left out of the redirect. */
export function redirectSchemeSpec({ scheme = "https", port, permanent }: RedirectScheme): object {
  const usual = scheme === "https" ? "443" : "80";
  return {
    scheme,
    ...(port === undefined || String(port) === usual ? {} : { port: String(port) }),
    ...(permanent === undefined ? {} : { permanent }),
  };
}

const portOrText = rule<number | string>(port.allowed as string, (value) => port.test(Number(value)));

export function checkRedirectScheme({ port }: RedirectScheme, problems: Problems): void {
  problems.check("port", port, portOrText);
}

export function checkRedirectRegex({ regex, replacement }: RedirectRegex, problems: Problems): void {
  problems.check("regex", regex, goRegex);
  problems.check("replacement", replacement, replacementText);
}
