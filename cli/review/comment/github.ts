import { readFileSync } from "node:fs";

import { CliError } from "../../base/errors.ts";
import { clientOf } from "./client.ts";
import type { Comment, Forge } from "./comment.ts";
import type { CommentOptions } from "./index.ts";

/** What GraphQL says of a comment that REST does not. */
interface Minimized {
  readonly nodes: readonly ({ readonly id: string; readonly isMinimized: boolean } | null)[];
}

/**
 * Comments of a pull request on GitHub, with the token in `GITHUB_TOKEN` and the server in `GITHUB_API_URL`.
 *
 * @throws CliError with everything that is missing
 */
export async function githubForge({ pullRequest, repository }: CommentOptions): Promise<Forge> {
  const { GITHUB_TOKEN: token = "", GITHUB_API_URL: baseUrl, GITHUB_REPOSITORY } = process.env;
  const [owner = "", repo = ""] = (repository ?? GITHUB_REPOSITORY ?? "").split("/");
  const number = pullRequest ?? pullRequestOfEvent();
  const missing = [
    ...(token === "" ? ["GITHUB_TOKEN"] : []),
    ...(owner === "" || repo === "" ? ["--repository owner/name, or GITHUB_REPOSITORY"] : []),
    ...(number === undefined ? ["--pull-request, or a workflow on pull_request"] : []),
  ];
  if (missing.length > 0 || number === undefined) {
    throw new CliError(
      `for a comment on GitHub there is missing: ${missing.join("; ")}`,
      "docs/review.md has a workflow that gives them.",
    );
  }
  const { Octokit } = await clientOf("@octokit/rest", () => import("@octokit/rest"));
  const octokit = new Octokit({ auth: token, log: SILENT, ...(baseUrl !== undefined && { baseUrl }) });
  const place = { owner, repo };
  return {
    advice: "The token needs `pull-requests: write`; on a pull request from a fork it never has it.",
    async list() {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        ...place,
        issue_number: number,
        per_page: 100,
      });
      const own = comments.filter(({ body = "" }) => body.startsWith("<!-- slipway-review "));
      const minimized = new Set<string>();
      if (own.length > 1) {
        const ids = own.map(({ node_id }) => node_id);
        const { nodes } = await octokit.graphql<Minimized>(
          "query($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { id isMinimized } } }",
          { ids },
        );
        for (const node of nodes) if (node?.isMinimized === true) minimized.add(node.id);
      }
      return own.map(({ id, node_id, body = "" }): Comment => ({
        id: `${id} ${node_id}`,
        body,
        hidden: minimized.has(node_id),
      }));
    },
    async create(body) {
      await octokit.rest.issues.createComment({ ...place, issue_number: number, body });
    },
    async edit(id, body) {
      await octokit.rest.issues.updateComment({ ...place, comment_id: Number(id.split(" ", 1)[0]), body });
    },
    async hide({ id }) {
      await octokit.graphql(
        "mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { clientMutationId } }",
        { id: id.split(" ")[1] },
      );
    },
  };
}

/** What it would say of a refusal is said once, with advice. */
const silent = (): void => undefined;
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };

/** The number in the event that started the workflow. */
function pullRequestOfEvent(): number | undefined {
  const path = process.env["GITHUB_EVENT_PATH"];
  if (path === undefined) return undefined;
  try {
    const event = JSON.parse(readFileSync(path, "utf8")) as {
      readonly pull_request?: { readonly number: number };
      readonly issue?: { readonly number: number };
    };
    return event.pull_request?.number ?? event.issue?.number;
  } catch {
    return undefined;
  }
}
