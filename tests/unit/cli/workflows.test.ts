import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { createProgram } from "../../../cli/program.ts";
import { NEVER_IGNORED } from "../../../cli/review/ignore.ts";
import { parseFailOn } from "../../../cli/review/fail-on.ts";

const directory = join(import.meta.dirname, "../../../.github/workflows");

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const workflows = readdirSync(directory).map((file) => {
  const workflow = parse(readFileSync(join(directory, file), "utf8")) as Workflow;
  const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  return { file, workflow, runs };
});

/** What the workflows run of this command line: verb and arguments. */
const calls = workflows.flatMap(({ file, runs }) =>
  runs.flatMap((run) =>
    [...run.matchAll(/node cli\/main\.ts (\S+)(.*)/g)].map(
      ([, verb = "", rest = ""]) => [file, verb, rest.trim().split(/\s+/)] as const,
    ),
  ),
);

describe("the workflows", () => {
  it("preview, deploy, look for drift and take down what is past its date", () => {
    expect(calls.map(([, verb]) => verb)).toEqual(["review", "drift", "expire", "review"]);
  });

  it.each(calls)("%s gives %s only options that it has", (_, verb, args) => {
    const command: Command | undefined = createProgram().commands.find((each) => each.name() === verb);
    expect(command, `there is no verb ${verb}`).toBeDefined();
    const known = command?.options.flatMap(({ short, long }) => [short, long]);
    for (const option of args.filter((arg) => arg.startsWith("--"))) expect(known).toContain(option);
    const failOn = args[args.indexOf("--fail-on") + 1];
    if (args.includes("--fail-on")) expect(() => parseFailOn(failOn ?? "")).not.toThrow();
  });

  it("may read the clone, and write on pull requests where they do", () => {
    for (const { file, workflow } of workflows) {
      const writes = file === "preview.yml" ? { "pull-requests": "write" } : {};
      expect([file, workflow.permissions]).toEqual([file, { contents: "read", ...writes }]);
    }
  });

  it("put no expression into a shell: what a branch is called would be run", () => {
    for (const { runs } of workflows) for (const run of runs) expect(run).not.toContain("${{");
  });
});

it("has certificates and deletions among what is always told", () => {
  expect([...NEVER_IGNORED]).toEqual(expect.arrayContaining(["certificate", "delete"]));
});
