import { style } from "../../base/output.ts";
import type { Operation } from "../../preview/preview.ts";
import type { Severity } from "../marks/index.ts";
import type { Report, ReportedChange } from "../report.ts";
import { fieldDiff, oneLine } from "./values.ts";
import { marksText, tallyText, urlsText, VERBS, VERDICTS } from "./words.ts";

type Format = Parameters<typeof style>[0];

const COLOURS: Readonly<Record<Severity, Format>> = { danger: "red", warning: "yellow", notice: "cyan" };

const OPERATION_COLOURS: Readonly<Partial<Record<Operation, Format>>> = {
  delete: "red",
  replace: "magenta",
  update: "yellow",
  create: "green",
};

/** A report for a terminal. */
export function textReport(report: Report): string {
  const { project, stack, verdict, changes, general, warnings, urls, complete } = report;
  const { sign, text } = VERDICTS[verdict];
  const marks = marksText(report);
  const lines = [
    `${sign} ${style("bold", `${project}/${stack} ${text}`)}: ${tallyText(report)}${marks === "" ? "" : ` — ${marks}`}`,
    ...(verdict === "fails" ? [`   ${ENDED_EARLY}`] : []),
    ...general.map(({ kind, severity, reason }) => `   ${style(COLOURS[severity], kind)}: ${reason}`),
    ...changes.flatMap((change) => ["", ...changeLines(change)]),
    ...(urls.length === 0 ? [] : ["", `URLs behind what changes: ${urlsText(urls, 12)}`]),
    ...warnings.map((warning) => `\nwarning: ${warning}`),
    ...(complete ? [] : ["", INCOMPLETE]),
  ];
  return lines.join("\n");
}

/** What a preview that fails leaves out. */
export const ENDED_EARLY = "The preview ended with an error: what would have come after it is not told here.";

/** Why less is known than could be. */
export const INCOMPLETE =
  "What stays the same is not in this preview, so that URLs and the picture may lack something: use --show-sames, or events.";

function changeLines(change: ReportedChange): readonly string[] {
  const { title, formerTitle, operation, marks, fields, urls } = change;
  const verb = VERBS[operation].padEnd(9);
  const colour = OPERATION_COLOURS[operation];
  const former = formerTitle === undefined ? "" : ` (was ${formerTitle})`;
  return [
    `${colour === undefined ? verb : style(colour, verb)} ${style("bold", title)}${former}${urls.length === 0 ? "" : `  ${style("dim", urlsText(urls))}`}`,
    ...marks.map(({ kind, severity, reason }) => `   ${style(COLOURS[severity], `${kind}:`)} ${reason}`),
    ...(operation === "create" ? [] : fields.flatMap(fieldLines)),
  ];
}

function fieldLines(field: ReportedChange["fields"][number]): readonly string[] {
  const diff = fieldDiff(field);
  const short = oneLine(diff);
  if (short !== undefined) return [`     ${short}`];
  return [
    `     ${diff.path}:`,
    ...diff.lines.map(({ sign, text }) => {
      const line = `       ${sign} ${text}`;
      return sign === " " ? line : style(sign === "+" ? "green" : "red", line);
    }),
  ];
}
