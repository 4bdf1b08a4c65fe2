import type { Problems } from "../../base/errors.ts";
import { replacementText, urlPath } from "../../base/rules/index.ts";
import { goRegex } from "../go-regex.ts";

/** Takes the first of these prefixes that fits off the path. A plain string prefix: `/api` is also taken off `/apifoo`. */
export interface StripPrefix {
  /** Each beginning with `/`. A route's own `stripPrefix: true` is usually what is wanted. */
  readonly prefixes: readonly string[];
}

/** Takes the beginning of the path that matches off. */
export interface StripPrefixRegex {
  /** Go regular expressions, which Traefik anchors at the beginning: `/v[0-9]+`. */
  readonly regex: readonly string[];
}

/** Puts a prefix before the path. */
export interface AddPrefix {
  /** Beginning with `/`. */
  readonly prefix: string;
}

/** Replaces the whole path; the app is told the original by `X-Replaced-Path`. */
export interface ReplacePath {
  /** Beginning with `/`. */
  readonly path: string;
}

/** Replaces what matches in the path; the app is told the original by `X-Replaced-Path`. */
export interface ReplacePathRegex {
  /** Go regular expression: `^/haha(/|$)(.*)`. */
  readonly regex: string;
  /**
   * With `$1` for the first group: `/$2`.
   * @minLength 0
   */
  readonly replacement: string;
}

export function checkStripPrefix({ prefixes }: StripPrefix, problems: Problems): void {
  problems.unless(prefixes.length > 0, "prefixes", undefined, "must hold at least one prefix");
  problems.checkEach("prefixes", prefixes, urlPath);
}

export function checkStripPrefixRegex({ regex }: StripPrefixRegex, problems: Problems): void {
  problems.unless(regex.length > 0, "regex", undefined, "must hold at least one regular expression");
  problems.checkEach("regex", regex, goRegex);
}

export function checkAddPrefix({ prefix }: AddPrefix, problems: Problems): void {
  problems.check("prefix", prefix, urlPath);
}

export function checkReplacePath({ path }: ReplacePath, problems: Problems): void {
  problems.check("path", path, urlPath);
}

export function checkReplacePathRegex({ regex, replacement }: ReplacePathRegex, problems: Problems): void {
  problems.check("regex", regex, goRegex);
  problems.check("replacement", replacement, replacementText);
}
