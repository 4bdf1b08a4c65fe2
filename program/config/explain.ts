import type { z } from "zod";

import type { Problem } from "../../components/base/errors.ts";
import { nearest, today } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** Zod's error map in this project's words: a phrase that follows the value. */
export const phrase: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? `is required: ${kind(issue)}` : `must be ${kind(issue)}`;
    case "invalid_value": {
      const given =
        typeof issue.input === "string" ? nearest(issue.input, issue.values.map(String)) : undefined;
      const choice = `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
      if (issue.input === undefined) return choice.replace("must be", "is required:");
      return given === undefined ? choice : `${choice}; did you mean ${JSON.stringify(given)}?`;
    }
    case "too_small":
    case "too_big":
      return bound(issue);
    case "unrecognized_keys":
      // The keys that are known here; `problemsOf` makes a line of them for each that is not.
      return Object.keys((issue.inst as z.ZodObject).shape).join(" ");
    default:
      return undefined;
  }
};

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
  record: "a map of names",
};

const kind = (issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string =>
  KINDS[issue.expected] ?? issue.expected;

const UNITS: Readonly<Record<string, string>> = { string: " characters", array: " entries" };

function bound(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const small = issue.code === "too_small";
  const limit = small ? issue.minimum : issue.maximum;
  if (issue.origin === "string" && small && limit === 1) return "must not be empty";
  const unit = UNITS[issue.origin] ?? "";
  const relation = small
    ? issue.inclusive === false
      ? "above"
      : "at least"
    : issue.inclusive === false
      ? "below"
      : "at most";
  return `must ${unit === "" ? "be" : "have"} ${relation} ${String(limit)}${unit}`;
}

/** Every key and text that holds a name which Traefik has given up. */
export function outdated(data: unknown, path: readonly PropertyKey[] = []): Problem[] {
  const old = (text: string): boolean => text.includes("containo.us");
  const problem = {
    key: keyOf(path),
    value: data,
    allowed: "is outdated: traefik.containo.us is traefik.io since Traefik 3",
  };
  if (typeof data === "string") return old(data) ? [problem] : [];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const at = [...path, Array.isArray(data) ? Number(key) : key];
    return old(key) ? [{ ...problem, key: keyOf(at), value: value as unknown }] : outdated(value, at);
  });
}

/** What zod found, a problem for each mistake. */
export function problemsOf(issues: readonly Issue[], data: unknown): Problem[] {
  return issues.flatMap(settle).flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ key: keyOf(issue.path), value: valueAt(data, issue.path), allowed: issue.message }];
    }
    const known = issue.message.split(" ");
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { key: keyOf(path), value: valueAt(data, path), allowed: unknownKey(key, known) };
    });
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const current = today(key);
  if (current !== undefined) return `is not known; ${key} is called ${current} today`;
  const close = nearest(key, known);
  return close === undefined
    ? `is not known; known here: ${known.join(", ")}`
    : `is not known; did you mean ${close}?`;
}

/**
 * A value that may be of several shapes fits none. Where one of them has the value's own kind, that one's mistakes are
 * the ones to report.
 */
function settle(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  if (issue.errors.length === 0) {
    const options = (issue as { options?: readonly unknown[] }).options ?? [];
    return [{ ...issue, message: `must be ${options.map((option) => JSON.stringify(option)).join(" or ")}` }];
  }
  const fitting = issue.errors.filter((branch) => !branch.some(isOfOtherKind));
  const [best] = fitting.toSorted((a, b) => a.length - b.length);
  if (best !== undefined)
    return best.flatMap(settle).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  const choices = issue.errors
    .flat()
    .filter(isOfOtherKind)
    .map(({ message }) => message.replace(/^must be /, ""));
  return [{ ...issue, message: `must be ${[...new Set(choices)].join(" or ")}` }];
}

const isOfOtherKind = ({ path, code }: Issue): boolean =>
  path.length === 0 && (code === "invalid_type" || code === "invalid_value");

/** A path as users write it: `apps.api.hosts[0]`. */
export const keyOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");

/** The value at a path; `undefined` where there is none. */
const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );
