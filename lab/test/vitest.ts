import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { Interrupted, LabError } from "../base/errors.ts";
import { isInterrupted } from "../base/interrupt.ts";
import { projectDir } from "../base/paths.ts";
import { run } from "../base/run.ts";
import { compileCache } from "../env.ts";
import { inTemporary } from "../../cli/base/temporary.ts";
import type { TestResult } from "./result.ts";

/** Runs a project of vitest.config.ts, shown to the user. */
export function vitest(project: string, env?: Readonly<Record<string, string>>): Promise<TestResult> {
  return inTemporary(async (directory) => {
    const report = join(directory, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const args = ["run", "--project", project, ...reporters];
    const good = await succeeds("vitest/vitest.mjs", args, {
      NODE_COMPILE_CACHE: compileCache,
      ...env,
      TMPDIR: directory,
    });
    const text = await readFile(report, "utf8").catch(() => undefined);
    const result = text === undefined ? noTests : vitestResult(JSON.parse(text) as VitestReport);
    return good || result.failed > 0
      ? result
      : { ...result, failed: 1, failures: [...result.failures, `vitest --project ${project}: see above`] };
  });
}

const noTests: TestResult = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** What vitest's JSON reporter writes. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    /** Why the file did not load, or a hook of its failed. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      /** Milliseconds; none of a test that did not run. */
      readonly duration?: number | null | undefined;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** A file that does not load has no tests to fail: it counts as one. */
export function vitestResult(report: VitestReport): TestResult {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(projectDir, name);
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => `${file} > ${test.fullName}: ${told(test.failureMessages?.[0])}`);
    return failed.length > 0 || status !== "failed" ? failed : [`${file}: ${told(message)}`];
  });
  return {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, failures.length),
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
    times: report.testResults.map(({ name, startTime, endTime, assertionResults }) => {
      const tests = assertionResults.reduce((total, { duration }) => total + (duration ?? 0), 0);
      return { name: relative(projectDir, name), whole: Math.max(endTime - startTime, tests), tests };
    }),
  };
}

/** A failure's first line; of a command, whose first line only names it, also the first error that it printed. */
function told(text = ""): string {
  const [first = "", ...rest] = stripVTControlCharacters(text).split("\n");
  const error = first.includes("Command failed") ? rest.find((line) => /^\s*error: ./.test(line)) : undefined;
  return error === undefined ? first : `${first}: ${error.trim()}`;
}

/** Runs a tool of node_modules, shown to the user. */
export async function succeeds(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  try {
    await run(process.execPath, [join(projectDir, "node_modules", tool), ...args], {
      log: "test",
      cwd: projectDir,
      env,
      show: true,
    });
    return true;
  } catch (error) {
    if (isInterrupted()) throw new Interrupted();
    if (error instanceof LabError) return false;
    throw error;
  }
}
