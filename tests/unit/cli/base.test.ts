import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CliError, explained } from "../../../cli/base/errors.ts";
import { table } from "../../../cli/base/output.ts";
import { findProject } from "../../../cli/base/project.ts";
import { UserError } from "../../../components/index.ts";

const main = join(import.meta.dirname, "../../../cli/main.ts");

/** What the command line answers. */
const slipway = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });

describe("the command line", () => {
  it("tells its exit codes, and ends well, when asked for help", async () => {
    const { code, stdout } = await slipway("--help");
    expect(code).toBe(0);
    expect(stdout).toContain("7  it found what it looks for");
  });

  it("does not load Pulumi's SDK before a verb needs it", async () => {
    const told = `import { registerHooks } from "node:module";
      registerHooks({ load: (url, context, next) => (url.includes("/@pulumi/") && console.log(url), next(url, context)) });`;
    const watching = `data:text/javascript,${encodeURIComponent(told)}`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", watching, main, "--help"]);
    expect(stdout).toMatch(/^Usage/);
  });

  it("ends with 2 and a pointer to the help when it is used wrongly", async () => {
    const { code, stdout, stderr } = await slipway("--nonsense");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe("error: unknown option '--nonsense'\n(--help tells more)\n");
  });
});

describe("an error", () => {
  it("of the user's is its message and what to do", () => {
    expect(explained(new CliError("there is no stack x", "Name one by --stack: dev."))).toBe(
      "there is no stack x\nName one by --stack: dev.",
    );
    expect(explained(new UserError("rules", [{ key: "a", value: 1, allowed: "must be a text" }]))).toBe(
      "rules:\n  a: 1 must be a text",
    );
  });

  it("of Pulumi's is what it said at the end, without the rest", () => {
    const stdout =
      "Previewing update (dev):\n\nDiagnostics:\n  pulumi:pulumi:Stack (p-dev):\n    error: no\n\nResources:\n    1 errored\n";
    const error = Object.assign(new Error(), { commandResult: { stdout, stderr: "" } });
    expect(explained(error)).toBe("Pulumi failed:\n  pulumi:pulumi:Stack (p-dev):\n    error: no");
  });

  it("of ours keeps its trace", () => {
    expect(explained(new TypeError("x is not a function"))).toBeUndefined();
  });
});

it("pads a table to its widest cells, colours not counted", () => {
  expect(
    table(
      ["stack", "expires"],
      [
        ["\u001b[31mdev\u001b[39m", "never"],
        ["staging", "2026-12-01"],
      ],
    ),
  ).toBe("STACK     EXPIRES\n\u001b[31mdev\u001b[39m       never\nstaging   2026-12-01");
});

describe("the project", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "slipway-project-"));
    await mkdir(join(directory, "with", "below"), { recursive: true });
    await writeFile(join(directory, "with", "Pulumi.yaml"), "name: x\n");
  });
  afterAll(() => rm(directory, { recursive: true }));

  it("is the nearest directory above that has a Pulumi.yaml", () => {
    expect(findProject(join(directory, "with", "below"))).toBe(join(directory, "with"));
  });

  it("is asked for where there is none", () => {
    expect(() => findProject(directory)).toThrow(`there is no Pulumi.yaml in ${directory} or above`);
  });
});
