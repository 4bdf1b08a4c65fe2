import { isPath } from "../../base/checks.ts";
import type { Problems } from "../../base/errors.ts";
import { checkGoRegex } from "../go-regex.ts";

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

const PATH = 'must begin with "/" and have no space, "?" or "#"';

export function checkStripPrefix(problems: Problems, key: string, { prefixes }: StripPrefix): void {
  problems.unless(prefixes.length > 0, `${key}.prefixes`, undefined, "must hold at least one prefix");
  for (const [index, prefix] of prefixes.entries()) {
    problems.unless(isPath(prefix), `${key}.prefixes[${index}]`, prefix, PATH);
  }
}

export function checkStripPrefixRegex(problems: Problems, key: string, { regex }: StripPrefixRegex): void {
  problems.unless(regex.length > 0, `${key}.regex`, undefined, "must hold at least one regular expression");
  for (const [index, expression] of regex.entries()) {
    checkGoRegex(problems, `${key}.regex[${index}]`, expression);
  }
}

export function checkAddPrefix(problems: Problems, key: string, { prefix }: AddPrefix): void {
  problems.unless(isPath(prefix), `${key}.prefix`, prefix, PATH);
}

export function checkReplacePath(problems: Problems, key: string, { path }: ReplacePath): void {
  problems.unless(isPath(path), `${key}.path`, path, PATH);
}

export function checkReplacePathRegex(problems: Problems, key: string, { regex }: ReplacePathRegex): void {
  checkGoRegex(problems, `${key}.regex`, regex);
}
