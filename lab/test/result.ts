/** How tests went. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failure: which, and how. */
  readonly failures: readonly string[];
}

export function sum(results: readonly TestResult[]): TestResult {
  const add = (key: "passed" | "failed" | "skipped"): number =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    passed: add("passed"),
    failed: add("failed"),
    skipped: add("skipped"),
    failures: results.flatMap(({ failures }) => failures),
  };
}

/** The last words of a run: what failed, which stands far above by then, and the numbers. */
export function summary({ passed, failed, skipped, failures }: TestResult): string {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return failures.length === 0
    ? counts
    : ["Failed:", ...failures.map((line) => `  ${line}`), counts].join("\n");
}
