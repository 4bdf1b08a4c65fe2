import { mermaidOf } from "../../topology/mermaid.ts";
import { around, firstOf } from "../../topology/select.ts";
import type { Mark } from "../marks/index.ts";
import { enumerate } from "../marks/mark.ts";
import type { Report, ReportedChange } from "../report.ts";
import { ENDED_EARLY, INCOMPLETE } from "./text.ts";
import { type FieldDiff, fieldDiff } from "./values.ts";
import { marksText, SIGNS, tallyText, urlsText, VERBS, VERDICTS } from "./words.ts";

export interface MarkdownOptions {
  /**
   * Bytes that it may have: what is over is cut, diffs first, and marks never.
   * @default 65536, which GitHub and GitLab take
   */
  readonly budget?: number;
  /** Where the whole review is, for the pointer where something is cut. */
  readonly page?: string;
}

export const BUDGET = 65_536;

/** Boxes of a picture that is still one. */
const BOXES = 40;

/** How much is told. Each is shorter than the one before. */
interface Detail {
  /** Lines of each change's difference. */
  readonly lines: number;
  readonly boxes: number;
  /** Whether URLs are named at each object. */
  readonly urls: boolean;
  /** Whether changes without a mark have a line each. */
  readonly unmarked: boolean;
  /** Whether marks that are the same are told once, for all objects that have them. */
  readonly grouped: boolean;
}

const FULL: Detail = { lines: Infinity, boxes: BOXES, urls: true, unmarked: true, grouped: false };

const DETAILS: readonly Detail[] = [
  FULL,
  { ...FULL, lines: 60 },
  { ...FULL, lines: 20 },
  { ...FULL, lines: 6 },
  { ...FULL, lines: 0 },
  { ...FULL, lines: 0, boxes: 0 },
  { ...FULL, lines: 0, boxes: 0, urls: false },
  { ...FULL, lines: 0, boxes: 0, urls: false, unmarked: false },
  { lines: 0, boxes: 0, urls: false, unmarked: false, grouped: true },
];

/** A report as Markdown for a pull request, as detailed as the budget allows. */
export function markdownReport(report: Report, { budget = BUDGET, page }: MarkdownOptions = {}): string {
  let text = "";
  const diffs = new Map(
    report.changes.map((change) => [change, change.fields.flatMap((field) => linesOf(fieldDiff(field)))]),
  );
  for (const detail of DETAILS) {
    text = render(report, diffs, detail, page);
    if (Buffer.byteLength(text) <= budget) return text;
  }
  return text;
}

/** Lines of every change's difference. */
type Diffs = ReadonlyMap<ReportedChange, readonly string[]>;

function render(report: Report, diffs: Diffs, detail: Detail, page: string | undefined): string {
  const { project, stack, verdict, general, warnings, urls, complete, changes } = report;
  const { sign, text } = VERDICTS[verdict];
  const marks = marksText(report);
  const told = detail.unmarked ? changes : changes.filter((change) => change.marks.length > 0);
  const left = changes.length - told.length;
  const cut = detail !== FULL;
  const where = page === undefined ? "the whole review is in the HTML page" : `[the whole review](${page})`;
  return [
    `**${sign} ${code(`${project}/${stack}`)} ${text}**: ${tallyText(report)}${marks === "" ? "" : ` — ${marks}`}`,
    "",
    ...(verdict === "fails" ? [`_${ENDED_EARLY}_`, ""] : []),
    ...general.map((mark) => `- ${markText(mark)}`),
    ...(detail.grouped
      ? groupedLines(told)
      : told.flatMap((change) => changeLines(change, diffs.get(change) ?? [], detail))),
    ...(left === 0
      ? []
      : [
          `- and ${left} more without a mark: ${countText(changes.filter((change) => change.marks.length === 0))}`,
        ]),
    ...(urls.length === 0
      ? []
      : ["", `**URLs behind what changes:** ${enumerate(urls.map(code), detail.urls ? 12 : 3)}`]),
    ...(detail.boxes === 0 ? [] : pictureLines(report, detail.boxes)),
    ...(warnings.length === 0
      ? []
      : ["", ...folded(`${warnings.length} warnings`, fenced("", warnings.slice(0, detail.urls ? 20 : 3)))]),
    ...(complete ? [] : ["", `_${INCOMPLETE}_`]),
    ...(cut
      ? ["", `_Shortened to fit a comment; ${where}._`]
      : page === undefined
        ? []
        : ["", `[The whole review](${page})`]),
    "",
  ].join("\n");
}

function changeLines(
  change: ReportedChange,
  diff: readonly string[],
  { lines, urls }: Detail,
): readonly string[] {
  const { title, formerTitle, operation, marks, urls: behind } = change;
  const [worst] = marks;
  const former = formerTitle === undefined ? "" : ` (was ${code(formerTitle)})`;
  const where = urls && behind.length > 0 ? ` · ${urlsText(behind.map(code), 3)}` : "";
  return [
    `- ${worst === undefined ? "⚪" : SIGNS[worst.severity]} ${VERBS[operation]} ${code(title)}${former}${where}`,
    ...marks.map((mark) => `  - ${markText(mark)}`),
    ...(lines === 0 ? [] : diffLines(change, diff, lines)),
  ];
}

const markText = ({ kind, severity, reason }: Mark): string =>
  `${SIGNS[severity]} **${kind}**: ${plain(reason)}`;

/** A change's fields, folded, with what was and what will be. */
function diffLines(
  { fields, operation }: ReportedChange,
  all: readonly string[],
  limit: number,
): readonly string[] {
  if (fields.length === 0) return [];
  const shown = all.slice(0, limit);
  const rest = all.length - shown.length;
  const title =
    operation === "create"
      ? "the new object"
      : `${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
  const block = fenced("diff", rest === 0 ? shown : [...shown, `  … ${rest} more lines`]);
  return folded(title, block).map((line) => (line === "" ? "" : `  ${line}`));
}

const linesOf = ({ path, lines, replaces }: FieldDiff): readonly string[] => [
  ...(path === "" ? [] : [`@@ ${path}${replaces ? " (forces the replacement)" : ""} @@`]),
  ...lines.map(({ sign, text }) => `${sign} ${text}`),
];

/** Marks that are the same told once, with the objects that have them. */
function groupedLines(changes: readonly ReportedChange[]): readonly string[] {
  const groups = new Map<string, { readonly mark: Mark; readonly titles: Set<string> }>();
  for (const { title, marks } of changes) {
    for (const mark of marks) {
      const key = `${mark.severity} ${mark.kind}`;
      const group = groups.get(key) ?? { mark, titles: new Set() };
      groups.set(key, group);
      group.titles.add(code(title));
    }
  }
  return [...groups.values()].map(
    ({ mark, titles }) =>
      `- ${SIGNS[mark.severity]} **${mark.kind}** ×${titles.size}: ${enumerate([...titles], 8)}`,
  );
}

function pictureLines({ topology, changed }: Report, boxes: number): readonly string[] {
  if (changed.size === 0) return [];
  const all = around(topology, new Set(changed.keys()));
  const picture = firstOf(all, boxes);
  const rest = all.nodes.length - picture.nodes.length;
  const title = `Topology around what changes${rest === 0 ? "" : `, ${rest} more boxes in the page`}`;
  return ["", ...folded(title, fenced("mermaid", mermaidOf(picture, changed).split("\n")))];
}

/** `Deployment ×3, Service ×2`. */
function countText(changes: readonly ReportedChange[]): string {
  const counts = new Map<string, number>();
  for (const { title, operation } of changes) {
    const key = `${title.split(" ", 1)[0] ?? ""} ${VERBS[operation]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return enumerate(
    [...counts].map(([key, count]) => `${count} ${key}`),
    8,
  );
}

const folded = (title: string, lines: readonly string[]): readonly string[] => [
  `<details><summary>${title}</summary>`,
  "",
  ...lines,
  "",
  "</details>",
];

/** A block of code whose fence no line of it can close. */
function fenced(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(
    0,
    ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [fence + language, ...lines.flatMap((line) => line.split("\n")), fence];
}

/** A text as code in a line, also where it has backticks. */
function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${space}${text.replaceAll("\n", " ")}${space}${ticks}`;
}

/** A text that Markdown, and a mention, do not make more of. */
const plain = (text: string): string =>
  text
    .replaceAll("\n", " ")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b");
