import { escapeHtml } from "../../base/html.ts";
import { around, firstOf } from "../../topology/select.ts";
import { svgOf } from "../../topology/svg.ts";
import type { Mark } from "../marks/index.ts";
import type { Report, ReportedChange } from "../report.ts";
import { STYLE } from "./style.ts";
import { ENDED_EARLY, INCOMPLETE } from "./text.ts";
import { fieldDiff } from "./values.ts";
import { tallyText, VERBS, VERDICTS } from "./words.ts";

/** Boxes of a picture that can be drawn in a moment, and looked at. */
const BOXES = 80;

/** A report as a page that needs nothing else: no script, no style, no picture from elsewhere. */
export async function htmlReport(report: Report): Promise<string> {
  const { project, stack, verdict, general, changes, urls, warnings, complete } = report;
  const { text } = VERDICTS[verdict];
  const title = `${project}/${stack} ${text}`;
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<header class="${verdict}"><h1><span class="stack">${escapeHtml(`${project}/${stack}`)}</span> ${text}</h1>`,
    `<p class="tally">${escapeHtml(tallyText(report))}</p>`,
    `<p class="marks">${report.marks.map(({ kind, severity, count }) => `<span class="mark ${severity}">${kind}${count === 1 ? "" : ` ×${count}`}</span>`).join(" ")}</p></header>`,
    verdict === "fails" ? `<p>${ENDED_EARLY}</p>` : "",
    general.length === 0 ? "" : `<ul class="general">${general.map(markHtml).join("")}</ul>`,
    changes.length === 0
      ? ""
      : `<section><h2>What changes</h2>${changes.map(changeHtml).join("\n")}</section>`,
    urls.length === 0 ? "" : `<section><h2>URLs behind what changes</h2>${urlList(urls)}</section>`,
    await pictureHtml(report),
    warnings.length === 0
      ? ""
      : `<section><h2>Warnings</h2><ul>${warnings.map((warning) => `<li class="warning-text">${escapeHtml(warning)}</li>`).join("")}</ul></section>`,
    complete ? "" : `<p class="dim">${escapeHtml(INCOMPLETE)}</p>`,
    "</main></body></html>",
    "",
  ].join("\n");
}

const urlList = (urls: readonly string[]): string =>
  `<ul class="urls">${urls.map((url) => `<li><code>${escapeHtml(url)}</code></li>`).join("")}</ul>`;

const markHtml = ({ kind, severity, reason }: Mark): string =>
  `<li><span class="mark ${severity}">${kind}</span> ${escapeHtml(reason)}</li>`;

function changeHtml(change: ReportedChange): string {
  const { title, formerTitle, operation, marks, fields, urls } = change;
  const space = title.indexOf(" ");
  const [kind, name] = [title.slice(0, space), title.slice(space + 1)];
  const former = formerTitle === undefined ? "" : ` <span class="dim">was ${escapeHtml(formerTitle)}</span>`;
  const label =
    operation === "create"
      ? "the new object"
      : `${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
  return [
    `<article class="${marks[0]?.severity ?? "none"}"><h3><span class="operation ${operation}">${VERBS[operation]}</span> <span class="kind">${escapeHtml(kind)}</span> ${escapeHtml(name)}${former}</h3>`,
    marks.length === 0 ? "" : `<ul>${marks.map(markHtml).join("")}</ul>`,
    urls.length === 0
      ? ""
      : `<details class="reach"><summary>${urls.length} ${urls.length === 1 ? "URL" : "URLs"} behind it</summary>${urlList(urls)}</details>`,
    fields.length === 0
      ? ""
      : `<details><summary>${label}</summary>${fields.map(fieldHtml).join("")}</details>`,
    "</article>",
  ].join("");
}

function fieldHtml(field: ReportedChange["fields"][number]): string {
  const { path, lines, replaces } = fieldDiff(field);
  const heading =
    path === ""
      ? ""
      : `<p class="path">${escapeHtml(path)}${replaces ? ' <span class="mark warning">forces the replacement</span>' : ""}</p>`;
  const classes = { "+": "added", "-": "removed", " ": "same" };
  const rows = lines.map(
    ({ sign, text }) => `<span class="${classes[sign]}">${sign} ${escapeHtml(text)}</span>`,
  );
  return `${heading}<pre>${rows.join("\n")}</pre>`;
}

async function pictureHtml({ topology, changed }: Report): Promise<string> {
  if (changed.size === 0) return "";
  const all = around(topology, new Set(changed.keys()));
  const picture = firstOf(all, BOXES);
  const rest = all.nodes.length - picture.nodes.length;
  const more = rest === 0 ? "" : `<p class="dim">${rest} more boxes: slipway graph draws all.</p>`;
  const legend = (["create", "update", "replace", "delete"] as const)
    .filter((operation) => picture.nodes.some(({ id }) => changed.get(id) === operation))
    .map((operation) => `<span class="operation ${operation}">${VERBS[operation]}</span>`);
  return `<section><h2>Topology around what changes</h2><p>${legend.join(" ")}</p><div class="picture">${await svgOf(picture, changed)}</div>${more}</section>`;
}
