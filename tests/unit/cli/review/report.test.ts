import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { failing, parseFailOn } from "../../../../cli/review/fail-on.ts";
import { readRules } from "../../../../cli/review/ignore.ts";
import { htmlReport } from "../../../../cli/review/render/html.ts";
import { markdownReport } from "../../../../cli/review/render/markdown.ts";
import { fieldDiff, oneLine } from "../../../../cli/review/render/values.ts";
import { reportOf } from "../../../../cli/review/report.ts";
import { previewOf, recorded, step } from "./preview.ts";

const config = (name: string, text: string) => ({ metadata: { name }, data: { text } });
const many = (count: number, length: number) =>
  reportOf(
    previewOf(
      ...Array.from({ length: count }, (_, index) =>
        step(
          "update",
          "ConfigMap",
          config(`c${index}`, "before ".repeat(length)),
          config(`c${index}`, "after\n".repeat(length)),
        ),
      ),
      ...Array.from({ length: count }, (_, index) =>
        step("delete", "PersistentVolumeClaim", { metadata: { name: `claim-${index}` }, spec: {} }),
      ),
    ),
  );

describe("Markdown", () => {
  it.each([
    [20, 400],
    [200, 20],
    [1000, 10],
  ])("of %i changes fits, and still has the tally and every mark", (count, length) => {
    const text = markdownReport(many(count, length), { page: "https://ci.test/run/1" });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(text.split("\n")[0]).toContain(`${count} deleted, ${count} updated`);
    expect(text.split("\n")[0]).toContain(`data-loss ×${count}, delete ×${count}`);
    expect(text).toContain("**data-loss**");
    expect(text).toContain("Shortened to fit a comment; [the whole review](https://ci.test/run/1)");
  });

  it("says each mark of each object where a thousand bytes are spent on diffs", () => {
    const text = markdownReport(many(100, 50));
    expect(text.match(/\*\*data-loss\*\*/g)).toHaveLength(100);
  });

  it("cannot be broken out of", () => {
    const text = "````\n</details><script>alert(1)</script>\n@everyone";
    const report = reportOf(previewOf(step("update", "ConfigMap", config("c", "x"), config("c", text))));
    const lines = markdownReport(report).split("\n");
    const fence = lines.find((line) => line.trimStart().startsWith("`````"));
    expect(fence?.trim()).toBe("`````diff");
    expect(lines.indexOf("  `````")).toBeGreaterThan(lines.findIndex((line) => line.includes("@everyone")));
  });
});

describe("the page", () => {
  it("needs nothing from elsewhere, and escapes what objects say", async () => {
    const report = reportOf(
      previewOf(step("update", "ConfigMap", config("c", "x"), config("c", "<script>alert(1)</script>"))),
    );
    const html = await htmlReport(report);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.toMatch(/<script|<link|src=|@import|url\(http/);
  });

  it("draws what changes in its colour", async () => {
    const html = await htmlReport(reportOf(recorded("changed.ndjson")));
    expect(html).toMatch(
      /<g class="node workload changed replace"><title>Deployment review-shop\/search: replace/,
    );
    expect(html).toMatch(/<g class="node middleware"><title>Middleware review-shop\/login</);
  });
});

describe("a field", () => {
  const field = { path: "spec.x", replaces: false, secret: false } as const;
  it("is one line where it fits", () => {
    expect(oneLine(fieldDiff({ ...field, before: 1, after: 2 }))).toBe("spec.x: 1 → 2");
    expect(oneLine(fieldDiff({ ...field, before: ["a"], after: ["a", "b"] }))).toBe("spec.x: [a] → [a, b]");
    expect(oneLine(fieldDiff({ ...field, before: undefined, after: true }))).toBe("spec.x: (none) → true");
  });

  it("shows of a long text what differs", () => {
    const text = (middle: string) => ["1", "2", "3", "4", middle, "6", "7", "8", "9"].join("\n");
    expect(
      fieldDiff({ ...field, before: text("5"), after: text("five") }).lines.map(
        ({ sign, text }) => sign + text,
      ),
    ).toEqual([" 3", " 4", "-5", "+five", " 6", " 7"]);
  });
});

describe("rules of what to ignore", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "slipway-rules-"));
  });
  afterAll(() => rm(directory, { recursive: true }));
  const rules = async (text: string) => {
    await writeFile(join(directory, "slipway.review.yaml"), text);
    return readRules(undefined, directory);
  };

  it("hide fields, marks and whole changes, and are counted", async () => {
    const read = await rules(`
ignore:
  - { object: "ConfigMap shop/c0", reason: made anew each time }
  - { object: "ConfigMap shop/c1", field: 'data.te*', reason: a build number }
  - { mark: image, reason: we like it }
`);
    const report = reportOf(
      previewOf(
        ...["c0", "c1", "c2"].map((name) =>
          step("update", "ConfigMap", config(name, "a"), config(name, "b")),
        ),
      ),
      read,
    );
    expect(report.changes.map(({ title }) => title)).toEqual(["ConfigMap shop/c2"]);
    expect(report.ignored).toBe(2);
  });

  it("never hide a deletion, what it loses, or a certificate", async () => {
    const read = await rules(
      'ignore:\n  - { object: "*e*", field: "*", reason: x }\n  - { object: "PersistentVolumeClaim *", reason: x }\n',
    );
    const secret = { type: "kubernetes.io/tls", data: { "tls.crt": "YQ==" } };
    const report = reportOf(
      previewOf(
        step("delete", "PersistentVolumeClaim", { spec: {} }),
        step("update", "Secret", secret, { ...secret, data: { "tls.crt": "Yg==" } }),
      ),
      read,
    );
    expect(report.changes.map(({ title, marks }) => [title, marks.map(({ kind }) => kind)])).toEqual([
      ["PersistentVolumeClaim shop/it", ["data-loss", "delete"]],
      ["Secret shop/it", ["certificate"]],
    ]);
    await expect(rules('ignore:\n  - { object: "x", mark: delete, reason: x }\n')).rejects.toThrow(
      "ignore.0.mark: must not be one of certificate, delete, data-loss, refused: these are always told",
    );
  });

  it("are told all that is wrong with them", async () => {
    await expect(rules("ignore:\n  - { mark: nonsense }\n  - { reason: x }\n")).rejects.toThrow(
      /ignore\.0\.mark: .*\n {2}ignore\.0\.reason: .*\n {2}ignore\.1\.object: must be given/s,
    );
  });
});

describe("--fail-on", () => {
  const report = reportOf(recorded("changed.ndjson"));
  it("finds marks and severities", () => {
    expect(failing(report, parseFailOn("replace, policy,danger"))).toEqual(["replace", "danger"]);
    // A mark counts whatever its severity; with one, as bad as that or worse.
    const { kind, severity } = report.marks.find((mark) => mark.severity === "warning") ?? {
      kind: "",
      severity: "",
    };
    expect(severity).toBe("warning");
    expect(failing(report, parseFailOn(`${kind},${kind}:notice,${kind}:warning,${kind}:danger`))).toEqual([
      kind,
      `${kind}:notice`,
      `${kind}:warning`,
    ]);
    expect(failing(reportOf(previewOf()), parseFailOn("any,danger,delete"))).toEqual([]);
  });

  it("refuses what is no mark", () => {
    expect(() => parseFailOn("replace,rplace")).toThrow("rplace: there are refused, data-loss, delete");
    for (const wrong of ["replace:worse", "danger:danger", "replace:danger:danger"])
      expect(() => parseFailOn(wrong)).toThrow(`${wrong}: there are`);
  });
});
