/** Times what `slipway review` does with a preview once it has it: 100 apps, of which every fourth changes. */
import { fromEvents } from "../cli/preview/read.ts";
import { htmlReport } from "../cli/review/render/html.ts";
import { jsonReport } from "../cli/review/render/json.ts";
import { markdownReport } from "../cli/review/render/markdown.ts";
import { textReport } from "../cli/review/render/text.ts";
import { reportOf } from "../cli/review/report.ts";
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

const hundredths = (value: number): string => `${value.toFixed(2)} s`;

const times: number[] = [];
for (const [, work] of steps) times.push(await timed(() => Promise.resolve(work())));
const all = times.reduce((sum, time) => sum + time, 0);

process.stdout.write(`Review of ${APPS} apps, beyond the preview: ${events.length} events.\n\n`);
printTable([
  ["", "time", "aim"],
  ...steps.map(([name], index) => [name, hundredths(times[index] ?? 0), ""]),
  ["all", hundredths(all), `≤ ${AIM} s`],
]);
