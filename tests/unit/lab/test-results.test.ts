import { join } from "node:path";

import { expect, it } from "vitest";

import { projectDir } from "../../../lab/base/paths.ts";
import { pytestResult } from "../../../lab/test/pytest.ts";
import { sum, summary, timing } from "../../../lab/test/result.ts";
import { vitestResult } from "../../../lab/test/vitest.ts";

const vitestReport = {
  numPassedTests: 3,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    {
      name: join(projectDir, "tests/unit/a.test.ts"),
      status: "failed",
      startTime: 1_000,
      endTime: 4_000,
      message: "",
      assertionResults: [
        { status: "passed", fullName: "adds", duration: 1_200, failureMessages: [] },
        {
          status: "failed",
          fullName: "takes away",
          failureMessages: ["Error: 1 is not 2\n    at a.test.ts"],
        },
      ],
    },
    {
      name: join(projectDir, "tests/unit/b.test.ts"),
      status: "failed",
      startTime: 2_000,
      endTime: 2_000,
      message: "SyntaxError: no\nand more",
      assertionResults: [],
    },
  ],
};

it("counts a file of tests that does not load as a failure", () => {
  expect(vitestResult(vitestReport)).toEqual({
    passed: 3,
    failed: 2,
    skipped: 3,
    failures: [
      "tests/unit/a.test.ts > takes away: Error: 1 is not 2",
      "tests/unit/b.test.ts: SyntaxError: no",
    ],
    times: [
      { name: "tests/unit/a.test.ts", whole: 3_000, tests: 1_200 },
      { name: "tests/unit/b.test.ts", whole: 0, tests: 0 },
    ],
  });
});

it("says of a command that failed what its first error was", () => {
  const [file] = vitestReport.testResults;
  const message =
    "ExecaError: Command failed with exit code 1: pulumi up\n\nDiagnostics:\n  a:\n    \u001B[31merror: \u001B[0mno pod\n    error: more";
  const failed = { status: "failed", fullName: "deploys", failureMessages: [message] };
  const testResults = [
    { ...file, status: "failed", assertionResults: [failed] },
  ] as typeof vitestReport.testResults;
  expect(vitestResult({ ...vitestReport, testResults }).failures).toEqual([
    "tests/unit/a.test.ts > deploys: ExecaError: Command failed with exit code 1: pulumi up: error: no pod",
  ]);
});

it("says what took the time, the slowest ten first", () => {
  const many = Array.from({ length: 12 }, (_, n) => ({
    name: `file ${n}`,
    whole: n * 1_000,
    tests: n * 600,
  }));
  const lines = timing({ types: 20_000, e2e: 100_000 }, many).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "Time: 2 min 00 s (types 20 s, e2e 1 min 40 s)",
    "The slowest files of tests, and their set-up and removal in that:",
    "  file 11  11 s, 4.4 s",
  ]);
  expect(lines).toHaveLength(12);
  expect(timing({ types: 1_000 }, [])).toBe("Time: 1.0 s (types 1.0 s)");
});

it("counts pytest's errors as failures, and neither they nor what was skipped passed", () => {
  const report = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="0.5"><testcase name="x" errors="9"/></testsuite></testsuites>`;
  expect(pytestResult(report)).toMatchObject({ passed: 4, failed: 3, skipped: 3 });
});

it("ends with what failed, and the numbers of all parts in the last line", () => {
  const one = { passed: 1, failed: 0, skipped: 0, failures: [] };
  const total = sum([vitestResult(vitestReport), one]);
  expect(summary(total).split("\n")).toEqual([
    "Failed:",
    "  tests/unit/a.test.ts > takes away: Error: 1 is not 2",
    "  tests/unit/b.test.ts: SyntaxError: no",
    "4 passed, 2 failed, 3 skipped",
  ]);
  expect(summary(one)).toBe("1 passed, 0 failed, 0 skipped");
});
