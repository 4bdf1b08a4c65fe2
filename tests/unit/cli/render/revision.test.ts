import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { atRevision } from "../../../../cli/render/revision.ts";

let clone: string;
let project: string;
const git = (...args: string[]): string => execFileSync("git", args, { cwd: clone, encoding: "utf8" });

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "slipway-revision-"));
  project = join(clone, "infra");
  mkdirSync(join(project, "node_modules", "a"), { recursive: true });
  mkdirSync(join(clone, "node_modules", "b"), { recursive: true });
  writeFileSync(join(clone, ".gitignore"), "node_modules\nPulumi.lab.yaml\n");
  writeFileSync(join(project, "Pulumi.yaml"), "name: then\n");
  git("init", "--quiet");
  git("config", "user.email", "eve@example.com");
  git("config", "user.name", "Eve");
  git("add", ".");
  git("commit", "--quiet", "--message", "First");
  writeFileSync(join(project, "Pulumi.yaml"), "name: now\n");
  writeFileSync(join(project, "Pulumi.lab.yaml"), "config: {}\n");
});
afterEach(() => {
  rmSync(clone, { recursive: true });
});

it("is the project as it was, with what is installed and the stack's file, and gone afterwards", async () => {
  // A hook that runs here would run for everybody who looks at a revision.
  mkdirSync(join(clone, ".git", "hooks"), { recursive: true });
  writeFileSync(join(clone, ".git", "hooks", "post-checkout"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const seen = await atRevision({ project, revision: "HEAD", files: ["Pulumi.lab.yaml"] }, (copy) =>
    Promise.resolve({
      copy,
      text: readFileSync(join(copy, "Pulumi.yaml"), "utf8"),
      files: readdirSync(copy).sort(),
      own: realpathSync(join(copy, "node_modules")),
      above: realpathSync(join(copy, "..", "node_modules")),
    }),
  );
  expect(seen).toEqual({
    copy: expect.stringMatching(/infra$/) as string,
    text: "name: then\n",
    files: ["Pulumi.lab.yaml", "Pulumi.yaml", "node_modules"],
    own: realpathSync(join(project, "node_modules")),
    above: realpathSync(join(clone, "node_modules")),
  });
  expect(() => readdirSync(seen.copy)).toThrow("ENOENT");
  expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  expect(readdirSync(join(project, "node_modules"))).toEqual(["a"]);
  expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toBe("name: now\n");
});

it.each([
  ["nowhere", "git cannot do that: fatal: Needed a single revision"],
  ["--help", "git cannot do that: fatal: Needed a single revision"],
])("refuses %s, and leaves nothing", async (revision, message) => {
  const use = (): Promise<void> => Promise.reject(new Error("is not to be called"));
  await expect(atRevision({ project, revision, files: [] }, use)).rejects.toThrow(message);
  expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
});

it("says so where the revision does not have the project", async () => {
  git("mv", "infra", "other");
  git("commit", "--quiet", "--all", "--message", "Moved");
  mkdirSync(project, { recursive: true });
  await expect(atRevision({ project, revision: "HEAD", files: [] }, () => Promise.resolve())).rejects.toThrow(
    "there is no Pulumi.yaml in infra at HEAD",
  );
});
