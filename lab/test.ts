import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Interrupted, LabError } from "./base/errors.ts";
import { isInterrupted } from "./base/interrupt.ts";
import { projectDir } from "./base/paths.ts";
import type { Log } from "./base/progress.ts";
import { run } from "./base/run.ts";
import { inTemporary } from "./base/temporary.ts";
import { addonNames, clusterStatus } from "./cluster/index.ts";
import { commandEnvironment, labPath } from "./env.ts";
import { bringLab, removeLab } from "./lab.ts";
import { testFastapi, type TestCounts } from "./python-tests.ts";
import { bringToolchain } from "./toolchain/index.ts";

interface TestPart {
  readonly title: string;
  readonly test: (log: Log) => Promise<TestCounts>;
}

const parts: Readonly<Record<string, TestPart>> = {
  types: { title: "Types", test: () => check("typescript/bin/tsc", "--noEmit") },
  lint: {
    title: "Lint",
    test: async () =>
      sum([
        await check("eslint/bin/eslint.js", "."),
        await check("prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
      ]),
  },
  unit: { title: "Unit tests", test: () => vitest("unit") },
  policy: { title: "Policies over what every committed stack makes", test: testPolicies },
  python: { title: "The FastAPI app's own tests", test: testFastapi },
  e2e: {
    title: "End-to-end tests on the lab",
    test: testOnLab,
  },
};

/**
 * Runs all tests, or some parts of them; the last line says how many passed, over all.
 *
 * @returns whether none failed
 */
export async function runTests(log: Log, names: readonly string[]): Promise<boolean> {
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    throw new LabError(
      `no tests are called ${unknown.join(", ")}`,
      `There are: ${Object.keys(parts).join(", ")}.`,
    );
  }
  const counts: TestCounts[] = [];
  for (const [name, { title, test }] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    log.info(`\n== ${title}`);
    counts.push(await test(log));
  }
  const total = sum(counts);
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0;
}

/** The rules hold for what the chart makes as well, which Helm renders. */
async function testPolicies(log: Log): Promise<TestCounts> {
  await (await bringToolchain(log)).ready();
  return await vitest("policy", { PATH: labPath() });
}

/** A lab that was not there before goes again, unless something failed that one may want to look at. */
async function testOnLab(log: Log): Promise<TestCounts> {
  const { state } = await clusterStatus();
  await bringLab(log, addonNames);
  const counts = await vitest("e2e", commandEnvironment());
  if (state === "absent" && counts.failed === 0) await removeLab(log);
  return counts;
}

export function sum(counts: readonly TestCounts[]): TestCounts {
  const add = (key: keyof TestCounts): number => counts.reduce((total, count) => total + count[key], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** Runs a tool of node_modules that has nothing to count: it passes or fails as one. */
async function check(tool: string, ...args: readonly string[]): Promise<TestCounts> {
  const passed = await succeeds(tool, args);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

async function succeeds(
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

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

function vitest(project: string, env?: Readonly<Record<string, string>>): Promise<TestCounts> {
  return inTemporary(async (directory) => {
    const report = join(directory, "report.json");
    const args = [
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ];
    const good = await succeeds("vitest/vitest.mjs", args, { ...env, TMPDIR: directory });
    const text = await readFile(report, "utf8").catch(() => undefined);
    const counts = text === undefined ? noTests : vitestCounts(JSON.parse(text) as VitestReport);
    // A file that does not load has no tests to fail.
    return good || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  });
}

const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0 };

export function vitestCounts(report: VitestReport): TestCounts {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
