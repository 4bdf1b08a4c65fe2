import type { Problems } from "../base/errors.ts";
import { address, all, broken, complaint, dnsName, hasControls, rule, urlPath } from "../base/rules/index.ts";
import { goRegex } from "./go-regex.ts";
import type { RouteRule } from "./rule.ts";

/**
 * How a path is compared: `prefix` by path segments, `exact` as a whole, `regex` by a Go regular expression that begins where
 * the path does. A standard Ingress cannot say the last: there, the pattern may begin at any of the path's slashes.
 */
export type PathType = "prefix" | "exact" | "regex";

/** A text to be equal to, or a Go regular expression to find. */
export type TextMatch = string | RegexMatch;

/** A pattern that a text must match. */
export interface RegexMatch {
  /** Go regular expression, which may match anywhere in the text. */
  readonly regex: string;
}

/** Which requests a rule is about. Every condition given has to hold. */
export interface RequestMatch extends Pick<
  RouteRule,
  "path" | "pathType" | "headers" | "query" | "methods" | "clientIps"
> {
  /**
   * Host the request is for, in lower case and without a port. `*.example.org` stands for one label.
   * @default any host
   */
  readonly host?: string | undefined;
}

/** A prefix as it is compared: without its trailing slash, and never empty. */
export const normalPrefix = (path: string): string => path.replace(/\/+$/, "") || "/";

/** A string literal of Traefik's rule language: a Go raw string, or an interpreted one where a backtick is inside. */
export const literal = (text: string): string => (text.includes("`") ? JSON.stringify(text) : `\`${text}\``);

/** One matcher: ``Header(`version`, `2`)``. */
const call = (matcher: string, ...values: readonly string[]): string =>
  `${matcher}(${values.map(literal).join(", ")})`;

/** Any of several values. */
export function anyOf(matcher: string, values: readonly string[]): string[] {
  if (values.length === 0) return [];
  const calls = values.map((value) => call(matcher, value)).join(" || ");
  return [values.length === 1 ? calls : `(${calls})`];
}

const keyed = (matcher: "Header" | "Query", key: string, match: TextMatch): string =>
  typeof match === "string" ? call(matcher, key, match) : call(`${matcher}Regexp`, key, match.regex);

/** A pattern that begins where the path does; Traefik would look for it anywhere. */
export const anchored = (regex: string): string => (regex.startsWith("^") ? regex : `^${regex}`);

/**
 * The path's part of a rule. Traefik's own `PathPrefix` is a plain string prefix, so that `/api` would match `/apifoo`;
 * a prefix here ends at a slash, as in Ingress and in Gateway API.
 */
function pathRule(path: string, type: PathType): string {
  if (type === "exact") return call("Path", path);
  if (type === "regex") return call("PathRegexp", anchored(path));
  const prefix = normalPrefix(path);
  if (prefix === "/") return call("PathPrefix", "/");
  return `(${call("Path", prefix)} || ${call("PathPrefix", `${prefix}/`)})`;
}

/**
 * Traefik's rule for a match, in the syntax of version 3.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/routing/rules-and-priority/ | Rules & Priority}.
 */
export function matchRule(match: RequestMatch): string {
  const { host, path = "/", pathType = "prefix", headers = {}, query = {} } = match;
  const everyPath = pathType === "prefix" && normalPrefix(path) === "/";
  const parts = [
    ...(host === undefined ? [] : [call("Host", host)]),
    ...(host !== undefined && everyPath ? [] : [pathRule(path, pathType)]),
    ...Object.entries(headers).map(([key, value]) => keyed("Header", key, value)),
    ...Object.entries(query).map(([key, value]) => keyed("Query", key, value)),
    ...anyOf("Method", match.methods ?? []),
    ...anyOf("ClientIP", match.clientIps ?? []),
  ];
  return parts.join(" && ");
}

/**
 * The priority a match needs, where the length of its rule, by which Traefik ranks rules, says the wrong thing:
 * an exact path comes before the prefix it lies under, although its rule is shorter; a wildcard comes after the hosts it
 * stands for, one of which may be as long; and any host comes after those that are named.
 */
export function matchPriority(match: RequestMatch): number | undefined {
  const { host, path = "/", pathType = "prefix" } = match;
  if (host === undefined && pathType === "prefix" && normalPrefix(path) === "/") {
    return 1 + matchRule(match).length - matchRule({ path }).length;
  }
  const exact = pathType === "exact";
  const wildcard = host?.startsWith("*.") === true;
  if (!exact && !wildcard) return undefined;
  const length = matchRule(exact ? { ...match, pathType: "prefix" } : match).length;
  return length + (exact ? 1 : 0) - (wildcard ? 1 : 0);
}

/** Spellings of Traefik 2 that Traefik 3 refuses, and what to write instead. */
const OUTDATED: readonly (readonly [RegExp, string])[] = [
  [/\bHeaders\(/, "Headers is called Header since Traefik 3"],
  [/\bHeadersRegexp\(/, "HeadersRegexp is called HeaderRegexp since Traefik 3"],
  [/\bHostHeader\(/, "HostHeader is called Host since Traefik 3"],
  [
    /\b(?:Path|PathPrefix|Host|HostRegexp)\(\s*[`"][^`"]*\{/,
    "{name:pattern} is no longer understood; use PathRegexp or HostRegexp with a Go regular expression",
  ],
  [
    /\b(?:Host|HostRegexp|Path|PathPrefix|Method|ClientIP)\([^)]*[`"]\s*,/,
    "a matcher takes one value since Traefik 3; join several with ||",
  ],
  [/\bQuery\(\s*[`"][^`"]*=[^`"]*[`"]\s*\)/, "write Query(`key`, `value`) since Traefik 3"],
];

/** Records what is wrong with a rule written by hand, above all what only Traefik 2 understood. */
export function checkRule(rule: string, problems: Problems): void {
  problems.unless(rule.trim() !== "", "", rule, "must not be empty");
  for (const [pattern, advice] of OUTDATED) problems.unless(!pattern.test(rule), "", rule, advice);
}

/** Host of a route: a DNS name, with at most a leading `*.`, or an address. */
export const host = complaint<string>((text) => {
  const name = text.replace(/^\*\./, "");
  if (text.includes(":")) return "must not have a port: a host is matched without it";
  if (!dnsName.test(name)) return "must be a DNS name in lower case, with at most a leading *.";
  const isAddress = /(^|\.)\d+$/.test(name);
  return isAddress && !(address.test(text) && name === text) ? "must be a DNS name or an address" : undefined;
});

/** Path of a rule: a prefix or a whole path. */
const plainPath = complaint<string>((path) => {
  const wrong = broken(urlPath, path);
  if (wrong !== undefined) return wrong;
  return /\{[A-Za-z]\w*(:[^}]*)?\}/.test(path)
    ? '{name:pattern} is no longer understood; use pathType "regex"'
    : undefined;
});

const pathPattern = all(
  rule<string>('must begin with "/" or "^/"', (path) => /^\^?\(?\//.test(path)),
  goRegex,
);

/** Records what is wrong with a path. */
export function checkPath(path: string, type: PathType, problems: Problems): void {
  problems.check("", path, type === "regex" ? pathPattern : plainPath);
}

/** Text that a header or query parameter is compared to. */
const comparedText = rule<string>(
  "must not have line breaks and control characters",
  (text) => !hasControls(text),
);

/** Records what is wrong with the texts that headers or query parameters are compared to. */
export function checkTexts(texts: Readonly<Record<string, TextMatch>>, problems: Problems): void {
  for (const [name, match] of Object.entries(texts)) {
    problems.unless(name !== "" && !hasControls(name), name, undefined, "must have a name");
    if (typeof match === "string") problems.check(name, match, comparedText);
    else problems.at(name).check("regex", match.regex, goRegex);
  }
}
