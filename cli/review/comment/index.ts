import { CliError } from "../../base/errors.ts";
import { markdownReport, type MarkdownOptions } from "../render/markdown.ts";
import type { Report } from "../report.ts";
import { type Forge, keepOneComment, marker } from "./comment.ts";
import { githubForge } from "./github.ts";
import { gitlabForge } from "./gitlab.ts";

/** Where a comment may go. */
export const COMMENT_TARGETS = ["github", "gitlab"] as const;

export type CommentTarget = (typeof COMMENT_TARGETS)[number];

export interface CommentOptions extends MarkdownOptions {
  /** @default from the CI's environment */
  readonly pullRequest?: number;
  /** @default from the CI's environment */
  readonly repository?: string;
}

const FORGES: Readonly<Record<CommentTarget, (options: CommentOptions) => Promise<Forge>>> = {
  github: githubForge,
  gitlab: gitlabForge,
};

/**
 * Keeps the one comment of a project's stack on a pull request up to date. Where nothing changes and nothing was said, nothing
 * is said.
 *
 * @throws CliError where the pull request is not known, or the forge refuses
 */
export async function commentOn(
  target: CommentTarget,
  report: Report,
  options: CommentOptions,
): Promise<void> {
  const forge = await FORGES[target](options);
  const own = marker(report.project, report.stack);
  // The marker is part of what has to fit.
  const budget = options.budget === undefined ? {} : { budget: options.budget - own.length - 1 };
  const body = `${own}\n${markdownReport(report, { ...options, ...budget })}`;
  try {
    await keepOneComment(forge, { marker: own, body, quiet: report.verdict === "unchanged" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`the comment could not be written: ${reason}`, forge.advice, { cause: error });
  }
}
