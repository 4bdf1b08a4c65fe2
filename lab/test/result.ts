import { elapsed } from "../base/progress.ts";

/** How tests went. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failure: which, and how. */
  readonly failures: readonly string[];
  /** What took time, in milliseconds. @default not measured */
  readonly times?: readonly Timed[];
}

/** A file of tests. */
export interface Timed {
  readonly name: string;
  /** Milliseconds from its start to its end. */
  readonly whole: number;
  /** Milliseconds that its tests took of that; the rest is set-up and removal. */
  readonly tests: number;
}

export function sum(results: readonly TestResult[]): TestResult {
  const add = (key: "passed" | "failed" | "skipped"): number =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    passed: add("passed"),
    failed: add("failed"),
    skipped: add("skipped"),
    failures: results.flatMap(({ failures }) => failures),
    times: results.flatMap(({ times = [] }) => times),
  };
}

/**
 * Where the time of a run went: that of each part, and the files that took most.
 * @param parts milliseconds by the part's name
 */
export function timing(parts: Readonly<Record<string, number>>, times: readonly Timed[]): string {
  const whole = Object.values(parts).reduce((total, part) => total + part, 0);
  const each = Object.entries(parts).map(([name, part]) => `${name} ${elapsed(part)}`);
  const slowest = [...times].sort((a, b) => b.whole - a.whole).slice(0, 10);
  const width = Math.max(...slowest.map(({ name }) => name.length));
  return [
    `Time: ${elapsed(whole)} (${each.join(", ")})`,
    ...(slowest.length > 0 ? ["The slowest files of tests, and their set-up and removal in that:"] : []),
    ...slowest.map(
      ({ name, whole, tests }) => `  ${name.padEnd(width)}  ${elapsed(whole)}, ${elapsed(whole - tests)}`,
    ),
  ].join("\n");
}

/** The last words of a run: what failed, which stands far above by then, and the numbers. */
export function summary({ passed, failed, skipped, failures }: TestResult): string {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return failures.length === 0
    ? counts
    : ["Failed:", ...failures.map((line) => `  ${line}`), counts].join("\n");
}
