import type { Change, Changes } from "../change.ts";
import { certificateMarks } from "./certificates.ts";
import { dataLossMarks } from "./data-loss.ts";
import { downtimeMarks } from "./downtime.ts";
import { exposureMarks } from "./exposure.ts";
import { imageMarks } from "./images.ts";
import type { Mark, Rule, Severity } from "./mark.ts";
import { restartMarks } from "./pods.ts";
import { replacementMarks } from "./replacement.ts";
import { resolverMarks } from "./resolver.ts";
import { rightsMarks } from "./rights.ts";
import { secretMarks, unknownMarks } from "./secrets.ts";
import { sharedMarks } from "./shared.ts";

export { type Mark, type MarkKind, MARKS, type Severity } from "./mark.ts";

const RULES: readonly Rule[] = [
  dataLossMarks,
  downtimeMarks,
  exposureMarks,
  certificateMarks,
  resolverMarks,
  rightsMarks,
  sharedMarks,
  replacementMarks,
  imageMarks,
  restartMarks,
  secretMarks,
  unknownMarks,
];

/** The worst first. */
export const SEVERITIES: readonly Severity[] = ["danger", "warning", "notice"];

/** How bad a severity is: the smaller, the worse. */
export const rankOf = (severity: Severity | undefined): number =>
  severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);

/** Marks, the worst first. */
export const worstFirst = (marks: readonly Mark[]): readonly Mark[] =>
  marks.toSorted((left, right) => rankOf(left.severity) - rankOf(right.severity));

/** Everything that the rules find on a change. */
export const marksOf = (change: Change, all: Changes): readonly Mark[] =>
  RULES.flatMap((rule) => rule(change, all));
