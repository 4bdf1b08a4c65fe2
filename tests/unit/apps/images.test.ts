import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { appNames, appsDirectory, contextFiles, imageReference, imageTag } from "../../../apps/images.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "context-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

describe("contextFiles", () => {
  test("are what .dockerignore lets through, sorted by code unit", () => {
    write({
      ".dockerignore": "# allow list\n*\n!Dockerfile\n!app\n**/__pycache__\n",
      Dockerfile: "",
      "README.md": "",
      "app/b.py": "",
      "app/Z.py": "",
      "app/deep/__pycache__/b.pyc": "",
      "app/deep/c.py": "",
      "tests/app/x.py": "",
    });
    expect(contextFiles(directory)).toEqual(["Dockerfile", "app/Z.py", "app/b.py", "app/deep/c.py"]);
  });

  test("take a star for one level, a double star for any", () => {
    write({
      ".dockerignore": "*.md\n**/*.log\na?c\n",
      "x.md": "",
      "d/x.md": "",
      "d/e/x.log": "",
      "abc/f": "",
      ac: "",
    });
    expect(contextFiles(directory)).toEqual([".dockerignore", "ac", "d/x.md"]);
  });
});

describe("imageTag", () => {
  test("changes with content, path and presence of a file, and comes back with them", () => {
    write({ a: "one", "d/b": "two" });
    const first = imageTag(directory);
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    write({ a: "ONE" });
    const changed = imageTag(directory);
    write({ a: "one", c: "" });
    const added = imageTag(directory);
    rmSync(join(directory, "c"));
    expect(imageTag(directory)).toBe(first);
    rmSync(join(directory, "d"), { recursive: true });
    write({ b: "two" });
    expect(new Set([first, changed, added, imageTag(directory)]).size).toBe(4);
  });

  test("is the same with the line ends of Windows, but not for binary files", () => {
    write({ "a.txt": "x\ny\n" });
    const unix = imageTag(directory);
    write({ "a.txt": "x\r\ny\r\n" });
    expect(imageTag(directory)).toBe(unix);
    write({ "a.txt": "\0\r\n" });
    const binary = imageTag(directory);
    write({ "a.txt": "\0\n" });
    expect(imageTag(directory)).not.toBe(binary);
  });

  test("does not look at what is ignored", () => {
    write({ ".dockerignore": "*\n!a\n", a: "one" });
    const first = imageTag(directory);
    write({ "notes.txt": "", "cache/x": "" });
    expect(imageTag(directory)).toBe(first);
  });
});

describe("the apps", () => {
  test("are the directories with a Dockerfile", () => {
    expect(appNames()).toEqual(["fastapi", "nginx"]);
  });

  test("are built without their tests", () => {
    for (const name of appNames()) {
      const files = contextFiles(join(appsDirectory, name));
      expect(files).toContain("Dockerfile");
      expect(files.filter((file) => file.includes("test"))).toEqual([]);
    }
  });

  test("are named with and without a registry", () => {
    const tag = imageTag(join(appsDirectory, "nginx"));
    expect(imageReference("nginx")).toBe(`slipway-nginx:${tag}`);
    expect(imageReference("nginx", "")).toBe(`slipway-nginx:${tag}`);
    expect(imageReference("nginx", "r.example:5000/lab/")).toBe(`r.example:5000/lab/slipway-nginx:${tag}`);
  });
});
