import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { browse, ROOT, useStack, type Viewport } from "../harness/index.ts";

const NAME = "e2e-review";

/** A shop with everything one would want to be told of; its pods run nowhere. */
const shop = useStack(NAME, { program: "tests/e2e/cli/review" });

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const slipway = (...args: string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const command = [join(ROOT, "cli/main.ts"), ...args, "--cwd", shop().directory, "--stack", NAME];
    execFile(process.execPath, command, { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });

interface JsonReport {
  readonly verdict: string;
  readonly tally: Readonly<Record<string, number>>;
  readonly urls: readonly string[];
  readonly changes: readonly {
    readonly title: string;
    readonly operation: string;
    readonly marks: readonly { readonly kind: string; readonly reason: string }[];
  }[];
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-e2e-review-"));
});
afterAll(() => rm(directory, { recursive: true }));

it("says of an unchanged stack that nothing changes", async () => {
  const { code, stdout } = await slipway("review", "--fail-on", "any");
  expect(stdout).toContain(`⚪ shop/${NAME} changes nothing: 27 unchanged`);
  expect(code).toBe(0);
});

describe("a change that does everything", () => {
  let answer: Answer;
  let report: JsonReport;
  beforeAll(async () => {
    await shop().configure({ changed: true });
    const files = ["--markdown", join(directory, "review.md"), "--html", join(directory, "review.html")];
    answer = await slipway("review", "--json", "--fail-on", "data-loss,policy", ...files);
    report = JSON.parse(answer.stdout) as JsonReport;
  });

  it("is dangerous, and ends as --fail-on asks", () => {
    expect(answer.code).toBe(7);
    expect(answer.stderr).toContain("There is what --fail-on names: data-loss\n");
    expect(report).toMatchObject({
      verdict: "danger",
      tally: { delete: 2, replace: 6, update: 13, create: 1 },
    });
  });

  it.each([
    ["Deployment {}/web", "downtime", "its strategy is Recreate"],
    ["Deployment {}/search", "replace", "spec.selector.matchLabels.app forces it"],
    ["Deployment {}/api", "image", "registry.example/shop:latest"],
    ["Deployment {}/api", "restart", "its pods are replaced"],
    ["Deployment {}/api", "plain-secret", "env[API_TOKEN].value"],
    ["StatefulSet {}/database", "data-loss", "data-db-… are deleted with it"],
    ["PersistentVolumeClaim {}/uploads", "delete", "goes"],
    ["PersistentVolumeClaim {}/uploads", "data-loss", "what is in the volume is gone"],
    ["Service {}/api", "exposure", "opens a node port for port 80"],
    ["IngressRoute {}/shop", "exposure", "shop.test/api loses passwords"],
    ["IngressRoute {}/shop", "exposure", "are served without TLS"],
    ["IngressRoute {}/search", "downtime", "https://search.test is served no longer"],
    ["Middleware {}/office", "exposure", "lets in 10.0.0.0/8 as well"],
    ["TLSOption {}/strict", "exposure", "VersionTLS12 instead of VersionTLS13"],
    ["SelfSignedCert authority", "certificate", "an authority is issued anew"],
    ["LocallySignedCert shop", "unknown", "caCertPem is known only after up"],
    ["Secret {}/shop-tls", "certificate", "https://shop.test"],
    ["Secret {}/users", "secret", "no value is shown"],
    ["Role {}/reader", "rights", "allows delete pods"],
    ["Namespace {}", "rights", "privileged pods"],
    ["IngressClass {}-class", "shared", "the cluster's default"],
  ])("marks %s: %s", (title, kind, reason) => {
    const change = report.changes.find((each) => each.title === title.replace("{}", NAME));
    expect(
      change?.marks
        .filter((mark) => mark.kind === kind)
        .map((mark) => mark.reason)
        .join("\n"),
    ).toContain(reason);
  });

  it("names the URLs behind it", () => {
    expect(report.urls).toEqual(
      expect.arrayContaining(["https://shop.test/api", "https://search.test", "https://status.test"]),
    );
  });

  it("fits a comment, and holds no secret in any form", async () => {
    const [markdown, html] = await Promise.all(
      ["review.md", "review.html"].map((file) => readFile(join(directory, file), "utf8")),
    );
    expect(Buffer.byteLength(markdown ?? "")).toBeLessThan(65_536);
    expect(markdown).toMatch(/^\*\*🔴 `shop\/e2e-review` is dangerous\*\*: 2 deleted, 6 replaced/);
    for (const text of [answer.stdout, markdown, html])
      expect(text).not.toMatch(/MHcCAQEEI|ghp_|BEGIN [A-Z ]*PRIVATE/);
  });

  it.each(["phone", "desktop"] as const)("is a page that fits a %s", (size: Viewport) =>
    browse("127.0.0.1", size, async (page) => {
      await page.goto(`file://${join(directory, "review.html")}`);
      expect(await page.locator("h1").innerText()).toBe(`shop/${NAME} is dangerous`);
      expect(await page.locator("article").count()).toBe(22);
      expect(await page.locator("svg.topology .changed").count()).toBeGreaterThan(10);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBe(0);
      await page.locator("article summary").last().click();
      expect(await page.locator("article details[open]").count()).toBe(1);
    }),
  );

  it("is drawn", async () => {
    const { stdout } = await slipway("graph", "--format", "mermaid");
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(stdout).toContain("IngressRoute shop");
  });
});

describe("a change that the cluster refuses", () => {
  it("fails, with the refusal at the object", async () => {
    await shop().configure({ refused: true });
    const { code, stdout } = await slipway("review");
    expect(code).toBe(1);
    expect(stdout).toContain(`⛔ shop/${NAME} would fail`);
    expect(stdout).toMatch(/refused: .* (is immutable after creation|may not change once set|are forbidden)/);
  });
});

it("names the stacks that there are where one is not", async () => {
  const wrong = await new Promise<string>((resolve) => {
    const command = [join(ROOT, "cli/main.ts"), "review", "--cwd", shop().directory, "--stack", "nowhere"];
    execFile(process.execPath, command, (_error, _stdout, stderr) => {
      resolve(stderr);
    });
  });
  expect(wrong).toMatch(/^there is no stack nowhere\nName one by --stack: .*e2e-review/);
});
