import { expect, test } from "vitest";

import { countTests } from "../../../lab/python-tests.ts";

test("errors count as failures, and neither they nor what was skipped passed", () => {
  const report = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="0.5"><testcase name="x" errors="9"/></testsuite></testsuites>`;
  expect(countTests(report)).toEqual({ passed: 4, failed: 3, skipped: 3 });
});
