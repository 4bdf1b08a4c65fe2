import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { EXIT } from "../base/exit.ts";
import { print, printJson, withJson } from "../base/output.ts";
import { findProject, withProject } from "../base/project.ts";
import { previewFrom } from "../preview/input.ts";
import type { PreviewOptions } from "../preview/run.ts";
import { prepareLayout } from "../topology/layout.ts";
import { commentOn, type CommentTarget, COMMENT_TARGETS } from "./comment/index.ts";
import { failing, type FailOn, parseFailOn } from "./fail-on.ts";
import { readRules, RULES_FILE } from "./ignore.ts";
import { MARKS } from "./marks/index.ts";
import { htmlReport } from "./render/html.ts";
import { jsonReport } from "./render/json.ts";
import { BUDGET, markdownReport } from "./render/markdown.ts";
import { textReport } from "./render/text.ts";
import { type Report, reportOf } from "./report.ts";

interface ReviewOptions extends PreviewOptions {
  readonly json?: boolean;
  readonly markdown?: string;
  readonly html?: string;
  readonly page?: string;
  readonly budget: number;
  readonly ignore?: string;
  readonly failOn?: readonly FailOn[];
  readonly comment?: CommentTarget;
  readonly pullRequest?: number;
  readonly repository?: string;
}

const collect = (value: string, known: readonly string[] | undefined): readonly string[] => [
  ...(known ?? []),
  value,
];

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

function target(text: string): CommentTarget {
  const found = COMMENT_TARGETS.find((each) => each === text);
  if (found === undefined) throw new InvalidArgumentError(`There are ${COMMENT_TARGETS.join(" and ")}.`);
  return found;
}

const marksHelp = `
Marks, for --fail-on and for ${RULES_FILE}:
${Object.entries(MARKS)
  .map(([kind, meaning]) => `  ${kind.padEnd(13)} ${meaning}`)
  .join("\n")}
--fail-on takes a mark of any severity, with :warning or :danger one that is as bad or worse; also danger,
warning (or worse) and any (change at all).

Examples:
  slipway review --stack prod
  slipway review --stack prod --html review.html --fail-on data-loss,downtime:warning
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json | slipway review - --markdown review.md
  slipway review --stack prod --comment github`;

/** `slipway review`: what a change does, for a person who has to say yes. */
export const reviewCommand = withJson(
  withProject(
    new Command("review")
      .description("Tell what a change does to the stack and to the people behind it, from a preview")
      .argument(
        "[file]",
        "JSON of a preview, digest or events; - for standard input (default: runs pulumi preview)",
      ),
  ),
)
  .option("--refresh", "read the state anew from the cluster first")
  .option("--policy-pack <directory>", "run a policy pack; may be given several times", collect)
  .option(
    "--policy-pack-config <file>",
    "levels and settings for the policy pack before it (default: settings/<stack>.json of the pack)",
    collect,
  )
  .option("--target <urn>", "limit the preview to a resource; may be given several times", collect)
  .option("--markdown <file>", "write Markdown for a pull request")
  .option("--html <file>", "write a page that needs nothing else")
  .option("--page <url>", "where the page will be, for the pointer in Markdown")
  .option("--budget <bytes>", "how large the Markdown may be; diffs are cut, marks never", number, BUDGET)
  .option("--ignore <file>", `rules of what not to tell (default: ${RULES_FILE} beside Pulumi.yaml)`)
  .option("--fail-on <marks>", "exit with 7 if there is any of these", parseFailOn)
  .option(
    "--comment <where>",
    `keep one comment on the pull request up to date: ${COMMENT_TARGETS.join(" or ")}`,
    target,
  )
  .option(
    "--pull-request <number>",
    "number of the pull or merge request (default: from the CI's environment)",
    number,
  )
  .option("--repository <name>", "owner/name, or path of the project (default: from the CI's environment)")
  .addHelpText("after", marksHelp)
  .action(async (file: string | undefined, options: ReviewOptions) => {
    const rules = readRules(options.ignore, projectDirectory(options.cwd));
    const meanwhile = options.html === undefined ? undefined : () => void prepareLayout();
    const preview = await previewFrom(file, { ...options, meanwhile });
    const report = reportOf(preview, rules);
    if (options.json === true) printJson(jsonReport(report));
    else print(textReport(report));
    await write(report, options);
    process.exitCode = exitOf(report, options.failOn ?? []);
  });

/** A preview from a file needs no project; rules are looked for where one is. */
function projectDirectory(cwd: string): string {
  try {
    return findProject(cwd);
  } catch {
    return resolve(cwd);
  }
}

async function write(report: Report, options: ReviewOptions): Promise<void> {
  const { markdown, html, comment, budget, page } = options;
  const sized = { budget, ...(page !== undefined && { page }) };
  if (markdown !== undefined) await writeFile(markdown, markdownReport(report, sized));
  if (html !== undefined) await writeFile(html, await htmlReport(report));
  if (comment !== undefined) {
    const { pullRequest, repository } = options;
    await commentOn(comment, report, {
      ...sized,
      ...(pullRequest !== undefined && { pullRequest }),
      ...(repository !== undefined && { repository }),
    });
  }
}

/** A preview that fails is an error, whatever it has told; then what was asked for. */
function exitOf(report: Report, failOn: readonly FailOn[]): number {
  const found = failing(report, failOn);
  if (found.length > 0) {
    process.stderr.write(`There is what --fail-on names: ${found.join(", ")}\n`);
    return EXIT.found;
  }
  return report.verdict === "fails" ? EXIT.error : EXIT.fine;
}
