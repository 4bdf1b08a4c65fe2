import { CliError } from "../../base/errors.ts";
import { clientOf } from "./client.ts";
import type { Forge } from "./comment.ts";
import type { CommentOptions } from "./index.ts";

/**
 * Comments of a merge request on GitLab, with the token in `GITLAB_TOKEN` and the server in `CI_SERVER_URL`.
 *
 * @throws CliError with everything that is missing
 */
export async function gitlabForge({ pullRequest, repository }: CommentOptions): Promise<Forge> {
  const {
    GITLAB_TOKEN: token = "",
    CI_SERVER_URL: host = "https://gitlab.com",
    CI_PROJECT_ID,
    CI_MERGE_REQUEST_IID,
  } = process.env;
  const project = repository ?? CI_PROJECT_ID ?? "";
  const request = pullRequest ?? Number(CI_MERGE_REQUEST_IID ?? Number.NaN);
  const missing = [
    ...(token === "" ? ["GITLAB_TOKEN, with the scope api (a job's own token may not write comments)"] : []),
    ...(project === "" ? ["--repository group/project, or CI_PROJECT_ID"] : []),
    ...(Number.isNaN(request) ? ["--pull-request, or a pipeline of a merge request"] : []),
  ];
  if (missing.length > 0) {
    throw new CliError(
      `for a comment on GitLab there is missing: ${missing.join("; ")}`,
      "docs/review.md has a pipeline that gives them.",
    );
  }
  const { MergeRequestNotes } = await clientOf("@gitbeaker/rest", () => import("@gitbeaker/rest"));
  const notes = new MergeRequestNotes({ host, token });
  return {
    advice: "The token needs the scope `api` and the role Reporter at least.",
    async list() {
      const all = await notes.all(project, request, { sort: "asc", orderBy: "created_at" });
      // GitLab can hide no note: what is out of date is folded, below a line that says so.
      return all.map(({ id, body }) => ({ id: String(id), body, hidden: body.includes(SUPERSEDED) }));
    },
    async create(body) {
      await notes.create(project, request, body);
    },
    async edit(id, body) {
      await notes.edit(project, request, Number(id), { body });
    },
    async hide({ id, body }) {
      const [marker = "", ...lines] = body.split("\n");
      const folded = `${marker}\n<details>${SUPERSEDED}\n\n${lines.join("\n")}\n\n</details>`;
      await notes.edit(project, request, Number(id), { body: folded });
    },
  };
}

const SUPERSEDED = "<summary>Out of date: a newer review of this stack is below.</summary>";
