import { complaint, hasControls } from "../base/rules/index.ts";

/**
 * A regular expression that Go, and so Traefik, takes: Traefik would log another and drop the router.
 * JavaScript's parser finds the slips (a bracket left open); what only JavaScript has is looked for by name.
 * Source: {@link https://github.com/google/re2/wiki/Syntax | RE2 syntax}.
 */
export const goRegex = complaint<string>((regex) => {
  if (/\(\?<?[=!]/.test(regex)) return "must not look ahead or behind: Go's regular expressions cannot";
  if (/\\[1-9]/.test(regex)) return "must not refer back to a group: Go's regular expressions cannot";
  if (hasControls(regex)) return "must not have line breaks and control characters";
  // Go names groups (?P<name>) and sets flags by (?i), neither of which JavaScript understands.
  const plain = regex
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\(\?[imsU-]+\)/g, "")
    .replaceAll(/\(\?[imsU-]+:/g, "(?:");
  try {
    new RegExp(plain);
    return undefined;
  } catch {
    return "must be a regular expression";
  }
});
