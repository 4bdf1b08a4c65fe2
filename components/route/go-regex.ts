import type { Problems } from "../base/errors.ts";

/**
 * Records a regular expression that Go, and so Traefik, refuses: Traefik would log it and drop the router.
 * JavaScript's parser finds the slips (a bracket left open); what only JavaScript has is looked for by name.
 * Source: {@link https://github.com/google/re2/wiki/Syntax | RE2 syntax}.
 */
export function checkGoRegex(problems: Problems, key: string, regex: string): void {
  if (/\(\?<?[=!]/.test(regex)) {
    problems.add(key, regex, "must not look ahead or behind: Go's regular expressions cannot");
    return;
  }
  if (/\\[1-9]/.test(regex)) {
    problems.add(key, regex, "must not refer back to a group: Go's regular expressions cannot");
    return;
  }
  // Go names groups (?P<name>) and sets flags by (?i), neither of which JavaScript understands.
  const plain = regex
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\(\?[imsU-]+\)/g, "")
    .replaceAll(/\(\?[imsU-]+:/g, "(?:");
  try {
    new RegExp(plain);
  } catch {
    problems.add(key, regex, "must be a regular expression");
  }
}
