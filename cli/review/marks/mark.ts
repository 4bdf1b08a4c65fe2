import type { Change, Changes } from "../change.ts";

/** Every kind of mark, for `--fail-on` and for rules, with what it says. */
export const MARKS = {
  refused: "the cluster or a provider refuses the change",
  "data-loss": "data may be gone",
  delete: "an object goes",
  replace: "an object is deleted and made anew",
  downtime: "requests get no answer for a while, or for ever",
  exposure: "more can be reached, by more, or with less protection",
  certificate: "certificates, keys or authorities are issued anew",
  rights: "more is allowed to pods, accounts or users",
  "plain-secret": "a secret stands in plain where everybody can read it",
  policy: "a policy is violated",
  shared: "other stacks on the cluster use it too",
  image: "an image's tag may mean another image tomorrow",
  restart: "pods are replaced",
  stale: "pods keep what they have read until they restart",
  secret: "a secret changes",
  unknown: "values are known only after up",
} as const;

export type MarkKind = keyof typeof MARKS;

/** `danger` may hurt people, `warning` wants to be looked at, `notice` is good to know. */
export type Severity = "danger" | "warning" | "notice";

/** Something about a change that a person wants to know before saying yes. */
export interface Mark {
  readonly kind: MarkKind;
  readonly severity: Severity;
  /** Why, as a phrase: `spec.selector forces it`. */
  readonly reason: string;
}

/** Finds marks on one change; a pure function of it and of the stack around it. */
export type Rule = (change: Change, all: Changes) => readonly Mark[];

/** One mark where a condition holds. */
export const markIf = (
  condition: boolean,
  kind: MarkKind,
  severity: Severity,
  reason: string,
): readonly Mark[] => (condition ? [{ kind, severity, reason }] : []);

/** Several things in a sentence: `a, b and c`; of many the first, and how many more. */
export function enumerate(items: readonly string[], limit = 6): string {
  const shown = items.length > limit + 1 ? [...items.slice(0, limit), `${items.length - limit} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
