import { InvalidArgumentError } from "commander";

import { type MarkKind, MARKS } from "./marks/index.ts";
import type { Report } from "./report.ts";

/** What `--fail-on` takes. */
export type FailOn = MarkKind | "danger" | "warning" | "any";

const WORDS: readonly string[] = [...Object.keys(MARKS), "danger", "warning", "any"];

/**
 * Reads `replace,delete,exposure`.
 *
 * @throws InvalidArgumentError for what is no mark
 */
export function parseFailOn(text: string): readonly FailOn[] {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const unknown = words.filter((word) => !WORDS.includes(word));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`${unknown.join(", ")}: there are ${WORDS.join(", ")}.`);
  return words as FailOn[];
}

/** Which of the words hold for a report. */
export function failing({ marks, changes }: Report, failOn: readonly FailOn[]): readonly FailOn[] {
  return failOn.filter((word) => {
    if (word === "any") return changes.length > 0;
    if (word === "danger") return marks.some(({ severity }) => severity === "danger");
    if (word === "warning") return marks.some(({ severity }) => severity !== "notice");
    return marks.some(({ kind }) => kind === word);
  });
}
