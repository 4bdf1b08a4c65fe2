/** Times what `slipway review` does with a preview once it has it: 100 apps, of which every fourth changes. */
import { fromEvents } from "../cli/preview/read.ts";
import { htmlReport } from "../cli/review/render/html.ts";
import { jsonReport } from "../cli/review/render/json.ts";
import { markdownReport } from "../cli/review/render/markdown.ts";
import { textReport } from "../cli/review/render/text.ts";
import { reportOf } from "../cli/review/report.ts";
import { prepareLayout } from "../cli/topology/layout.ts";
import { appEvents } from "./review-events.ts";
import { printTable, timed } from "./table.ts";

const APPS = Number(process.argv[2] ?? 100);

/** What everything together may take, seconds. */
const AIM = 1;

const events = appEvents(APPS);
let report: ReturnType<typeof reportOf> | undefined;
const review = (): ReturnType<typeof reportOf> => (report ??= reportOf(fromEvents(events)));

const steps: readonly (readonly [name: string, work: () => unknown])[] = [
  ["report", review],
  ["text", () => textReport(review())],
  ["Markdown", () => markdownReport(review())],
  ["JSON", () => JSON.stringify(jsonReport(review()))],
  ["page", () => htmlReport(review())],
];

/** Seconds, and processor seconds, which are the same on a machine that does nothing else. */
type Spent = readonly [time: number, processor: number];

async function spentOn(work: () => unknown): Promise<Spent> {
  const before = process.cpuUsage();
  const time = await timed(async () => await work());
  const { user, system } = process.cpuUsage(before);
  return [time, (user + system) / 1e6];
}

// As `slipway review --html` does it while Pulumi works.
const prepared = await spentOn(prepareLayout);
const spent: Spent[] = [];
for (const [, work] of steps) spent.push(await spentOn(work));
const all: Spent = [0, 1].map((part) => spent.reduce((sum, each) => sum + (each[part] ?? 0), 0)) as [
  number,
  number,
];

const row = (name: string, spent: Spent | undefined, aim = ""): string[] => [
  name,
  ...(spent ?? []).map((value) => `${value.toFixed(2)} s`),
  aim,
];

process.stdout.write(`Review of ${APPS} apps, beyond the preview: ${events.length} events.\n\n`);
printTable([
  ["", "time", "processor", "aim"],
  ...steps.map(([name], index) => row(name, spent[index])),
  row("all", all, `≤ ${AIM} s`),
  row("loaded while Pulumi works", prepared),
]);
