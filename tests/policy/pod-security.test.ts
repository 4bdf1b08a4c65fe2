import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { baselineChecks } from "../../policy/pod-security/baseline.ts";
import { violations, type Pod } from "../../policy/pod-security/index.ts";
import { restrictedChecks } from "../../policy/pod-security/restricted.ts";
import { pods } from "./pods.ts";

/** Where lab/test/ has built pod-security/main.go. */
const ORACLE = process.env["SLIPWAY_POD_SECURITY"];

interface Verdict {
  /** Names of all the checks that fail, whether or not a stricter one takes their place. */
  readonly failed: readonly string[];
  readonly baseline: boolean;
  readonly restricted: boolean;
}

/** What Kubernetes' own code says. */
async function upstream(corpus: readonly Pod[]): Promise<readonly Verdict[]> {
  const run = promisify(execFile)(ORACLE ?? "", [], { maxBuffer: 64 * 2 ** 20 });
  run.child.stdin?.end(corpus.map((pod) => JSON.stringify(pod)).join("\n"));
  const { stdout } = await run;
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Verdict);
}

const ours = (pod: Pod): Verdict => ({
  failed: Object.entries({ ...baselineChecks, ...restrictedChecks })
    .filter(([, check]) => check(pod).length > 0)
    .map(([name]) => name)
    .sort(),
  baseline: violations(pod, "baseline").length === 0,
  restricted: violations(pod, "restricted").length === 0,
});

/** Pods on which the two differ, with what each says. */
async function differences(corpus: readonly Pod[]): Promise<readonly unknown[]> {
  const theirs = await upstream(corpus);
  expect(theirs).toHaveLength(corpus.length);
  return corpus.flatMap((pod, index) => {
    const verdict = theirs[index] as Verdict;
    const upstream = { ...verdict, failed: [...verdict.failed].sort() };
    return JSON.stringify(upstream) === JSON.stringify(ours(pod)) ? [] : [{ pod, upstream, ours: ours(pod) }];
  });
}

describe.skipIf(ORACLE === undefined)("beside Kubernetes' own code", () => {
  let fixtures: readonly Pod[];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      "go",
      ["list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission"],
      {
        cwd: join(import.meta.dirname, "pod-security"),
        env: { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" },
      },
    );
    const directory = join(stdout.trim(), "test", "testdata");
    fixtures = readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .sort()
      .map((file) => parse(readFileSync(join(directory, file), "utf8")) as Pod);
  });

  it("says the same of each of its own fixtures", async () => {
    expect(fixtures.length).toBeGreaterThan(1000);
    expect(await differences(fixtures)).toEqual([]);
  });

  it("says the same of generated pods", async () => {
    const seed = Date.now() % 2 ** 31;
    console.info(`seed ${seed}`);
    const corpus = fc.sample(pods, { seed, numRuns: 3_000 });
    const verdicts = corpus.map(ours);
    // A corpus that all passes, or never does, would show nothing.
    for (const level of ["baseline", "restricted"] as const)
      expect(new Set(verdicts.map((verdict) => verdict[level])), level).toEqual(new Set([true, false]));
    const failing = new Set(verdicts.flatMap(({ failed }) => failed));
    expect([...failing].sort()).toEqual(Object.keys({ ...baselineChecks, ...restrictedChecks }).sort());
    expect((await differences(corpus)).slice(0, 3)).toEqual([]);
  });
});
