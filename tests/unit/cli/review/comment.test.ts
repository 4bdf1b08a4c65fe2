import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { clientOf } from "../../../../cli/review/comment/client.ts";
import { commentOn } from "../../../../cli/review/comment/index.ts";
import { type Report, reportOf } from "../../../../cli/review/report.ts";
import { previewOf, step } from "./preview.ts";

interface Comment {
  readonly id: number;
  body: string;
  minimized: boolean;
}

/** What is on the pull request. */
let comments: Comment[] = [];
/** What was asked, `POST /repos/…`. */
let asked: string[] = [];

const pod = (image: string) => ({ spec: { template: { spec: { containers: [{ name: "a", image }] } } } });
const reviewOf = (stack: string, image: string): Report => ({
  ...reportOf(previewOf(step("update", "Deployment", pod("a:1"), pod(image)))),
  stack,
});
const nothing: Report = { ...reportOf(previewOf()), stack: "dev" };

type Answer = (request: IncomingMessage, body: Record<string, unknown>) => unknown;

/** The calls of GitHub's API that are used. */
const github: Answer = ({ method = "", url = "" }, body) => {
  const { variables, query = "" } = body as { variables?: { ids?: string[]; id?: string }; query?: string };
  if (url === "/graphql") {
    if (query.startsWith("mutation")) {
      const found = comments.find(({ id }) => `node${id}` === variables?.id);
      if (found !== undefined) found.minimized = true;
      return { data: { minimizeComment: {} } };
    }
    const nodes = variables?.ids?.map((id) => ({
      id,
      isMinimized: comments.find((each) => `node${each.id}` === id)?.minimized,
    }));
    return { data: { nodes } };
  }
  const shown = ({ id, body }: Comment) => ({ id, node_id: `node${id}`, body });
  if (method === "GET" && /^\/repos\/house\/shop\/issues\/7\/comments\?/.test(url)) {
    return /[?&]page=[2-9]/.test(url) ? [] : comments.map(shown);
  }
  if (method === "POST" && url === "/repos/house/shop/issues/7/comments")
    return shown(added(String(body["body"])));
  const id = /^\/repos\/house\/shop\/issues\/comments\/(\d+)$/.exec(url)?.[1];
  return method === "PATCH" && id !== undefined ? shown(edited(Number(id), String(body["body"]))) : undefined;
};

/** Those of GitLab's. */
const gitlab: Answer = ({ method = "", url = "" }, body) => {
  const notes = "/api/v4/projects/house%2Fshop/merge_requests/7/notes";
  if (method === "GET" && url.startsWith(`${notes}?`)) return comments.map(({ id, body }) => ({ id, body }));
  if (method === "POST" && url.startsWith(notes)) return added(String(body["body"]));
  const id = new RegExp(`^${notes.replaceAll("/", "\\/")}\\/(\\d+)`).exec(url)?.[1];
  return method === "PUT" && id !== undefined ? edited(Number(id), String(body["body"])) : undefined;
};

function added(body: string): Comment {
  const comment = { id: comments.length + 1, body, minimized: false };
  comments.push(comment);
  return comment;
}

function edited(id: number, body: string): Comment {
  const found = comments.find((comment) => comment.id === id);
  if (found === undefined) throw new Error(`no comment ${id}`);
  found.body = body;
  return found;
}

let server: Server;
let answer: Answer;

beforeAll(async () => {
  server = createServer((request, response) => {
    const read = async (): Promise<void> => {
      const body = request.method === "GET" ? {} : ((await json(request)) as Record<string, unknown>);
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      const given = answer(request, body);
      response.writeHead(given === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(given ?? { message: "Not Found" }));
    };
    void read();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  comments = [];
  asked = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("GITHUB_TOKEN", "token");
  vi.stubEnv("GITHUB_API_URL", url);
  vi.stubEnv("GITHUB_EVENT_PATH", "/nowhere");
  vi.stubEnv("GITLAB_TOKEN", "token");
  vi.stubEnv("CI_SERVER_URL", url);
});

const place = { pullRequest: 7, repository: "house/shop" };

describe.each([
  ["github", github],
  ["gitlab", gitlab],
] as const)("on %s", (target, calls) => {
  beforeEach(() => {
    answer = calls;
  });
  const comment = (report: Report) => commentOn(target, report, place);

  it("a stack has one comment, edited in place, and each stack its own", async () => {
    await comment(reviewOf("dev", "a:2"));
    await comment(reviewOf("prod", "a:2"));
    await comment(reviewOf("dev", "a:3"));
    expect(comments).toHaveLength(2);
    expect(comments[0]?.body).toMatch(/^<!-- slipway-review shop\/dev -->\n\*\*.*a:3/s);
    expect(comments[1]?.body).toMatch(/^<!-- slipway-review shop\/prod -->\n\*\*.*a:2/s);
  });

  it("nothing is written where nothing is new", async () => {
    await comment(reviewOf("dev", "a:2"));
    asked = [];
    await comment(reviewOf("dev", "a:2"));
    expect(asked.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  it("nothing is said where nothing changes and nothing was said; what was said is put right", async () => {
    await comment(nothing);
    expect(comments).toEqual([]);
    await comment(reviewOf("dev", "a:2"));
    await comment(nothing);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("changes nothing");
  });

  it("of two comments of one stack the newest stays, and the other is put out of the way once", async () => {
    added("<!-- slipway-review shop/dev -->\nthe first");
    added("somebody's own words about slipway-review");
    added("<!-- slipway-review shop/dev -->\nthe second");
    await comment(reviewOf("dev", "a:2"));
    expect(comments).toHaveLength(3);
    expect(comments[2]?.body).toContain("a:2");
    expect(comments[1]?.body).toBe("somebody's own words about slipway-review");
    if (target === "github") expect(comments[0]).toMatchObject({ minimized: true });
    else {
      expect(comments[0]?.body).toMatch(
        /^<!-- slipway-review shop\/dev -->\n<details><summary>Out of date.*<\/summary>\n\nthe first\n\n<\/details>$/,
      );
    }
    asked = [];
    await comment(reviewOf("dev", "a:3"));
    const changes = asked.filter((request) => /^(PATCH|PUT|POST \/repos)/.test(request));
    expect(changes).toHaveLength(1);
  });

  it("a refusal says what the token needs", async () => {
    answer = () => undefined;
    await expect(comment(reviewOf("dev", "a:2"))).rejects.toMatchObject({
      message: expect.stringContaining("the comment could not be written") as string,
      advice: expect.stringContaining("The token needs") as string,
    });
  });
});

it("says what to install where a forge's client is not there", async () => {
  const name: string = "@nowhere/rest";
  await expect(clientOf(name, () => import(name))).rejects.toMatchObject({
    message: "@nowhere/rest is not installed",
    advice: "npm install --save-dev @nowhere/rest",
  });
});

it("tells everything that is missing", async () => {
  vi.stubEnv("GITHUB_TOKEN", "");
  vi.stubEnv("GITHUB_REPOSITORY", "");
  await expect(commentOn("github", nothing, {})).rejects.toThrow(
    "for a comment on GitHub there is missing: GITHUB_TOKEN; --repository owner/name, or GITHUB_REPOSITORY; --pull-request, or a workflow on pull_request",
  );
});
