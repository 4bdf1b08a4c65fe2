import { InvalidArgumentError } from "commander";

import { type MarkKind, MARKS, rankOf, type Severity, SEVERITIES } from "./marks/index.ts";
import type { Report } from "./report.ts";

/** What `--fail-on` takes: a mark, one of a severity or worse, any mark of it, any change. */
export type FailOn = MarkKind | `${MarkKind}:${Severity}` | Exclude<Severity, "notice"> | "any";

const WORDS: readonly string[] = [...Object.keys(MARKS), "danger", "warning", "any"];

/**
 * Reads `replace,delete,downtime:danger`.
 *
 * @throws InvalidArgumentError for what is no mark
 */
export function parseFailOn(text: string): readonly FailOn[] {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const unknown = words.filter((word) => !isFailOn(word));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `${unknown.join(", ")}: there are ${WORDS.join(", ")}, and marks with ${SEVERITIES.map((severity) => `:${severity}`).join(", ")}.`,
    );
  return words as FailOn[];
}

function isFailOn(word: string): boolean {
  const [kind = "", severity, ...rest] = word.split(":");
  if (severity === undefined) return WORDS.includes(word);
  return kind in MARKS && (SEVERITIES as readonly string[]).includes(severity) && rest.length === 0;
}

/** Which of the words hold for a report. */
export function failing({ marks, changes }: Report, failOn: readonly FailOn[]): readonly FailOn[] {
  return failOn.filter((word) => {
    if (word === "any") return changes.length > 0;
    const [kind, severity = "notice"] = (
      word === "danger" || word === "warning" ? [undefined, word] : word.split(":")
    ) as [MarkKind | undefined, Severity?];
    return marks.some(
      (mark) => (kind === undefined || mark.kind === kind) && rankOf(mark.severity) <= rankOf(severity),
    );
  });
}
