import { Interrupted, LabError } from "../base/errors.ts";
import { ensurePackages } from "../base/packages.ts";
import { debianPackages } from "../base/programs.ts";
import type { Log } from "../base/progress.ts";
import { addonsForExamples, clusterStatus, nodeFigures } from "../cluster/index.ts";
import { commandEnvironment, labPath } from "../env.ts";
import { bringLab, removeLab } from "../lab.ts";
import { buildOracle } from "./pod-security.ts";
import { testFastapi } from "./pytest.ts";
import { sum, summary, type TestResult, timing } from "./result.ts";
import { bringToolchain } from "../toolchain/index.ts";
import { succeeds, vitest } from "./vitest.ts";

interface TestPart {
  readonly title: string;
  readonly test: (log: Log) => Promise<TestResult>;
  /** Whether it needs the cluster. @default false */
  readonly onLab?: true;
  /** Whether it runs only where it is named. @default false */
  readonly onRequest?: true;
}

const parts: Readonly<Record<string, TestPart>> = {
  lint: {
    title: "Types, lint and format",
    // Each takes one processor.
    test: async () =>
      sum(
        await Promise.all([
          check("typescript/bin/tsc", "--noEmit"),
          check("eslint/bin/eslint.js", "."),
          check("prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
        ]),
      ),
  },
  unit: { title: "Unit tests", test: (log) => testWithTools("unit", log) },
  policy: {
    title: "Policies over what every committed stack makes",
    test: testPolicies,
  },
  package: { title: "The library, packed and installed", test: () => vitest("package") },
  python: { title: "The FastAPI app's own tests", test: testFastapi },
  e2e: {
    title: "End-to-end tests on the lab",
    test: testOnLab,
    onLab: true,
  },
  nodes: {
    title: "End-to-end tests on a lab of several nodes",
    test: (log) => testOnNodes("nodes", log),
    onLab: true,
  },
  failure: {
    title: "End-to-end tests on a lab whose node fails",
    test: (log) => testOnNodes("failure", log),
    onLab: true,
    onRequest: true,
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
  const wanted = Object.entries(parts).filter(([name, { onRequest }]) =>
    names.length === 0 ? onRequest !== true : names.includes(name),
  );
  const { state } = await clusterStatus();
  const results: TestResult[] = [];
  const took: Record<string, number> = {};
  for (const [name, { title, test }] of wanted) {
    log.info(`\n== ${title}`);
    const began = Date.now();
    results.push(await test(log).catch((error: unknown) => unstarted(name, error)));
    took[name] = Date.now() - began;
  }
  const total = sum(results);
  // A lab that was not there before goes again, unless something failed that one may want to look at.
  if (wanted.some(([, { onLab }]) => onLab) && state === "absent" && total.failed === 0) await removeLab(log);
  process.stdout.write(`\n${timing(took, total.times ?? [])}\n\n${summary(total)}\n`);
  return total.failed === 0;
}

/** A part that what it needs kept from its tests: it counts as one that failed, and the others go on. */
function unstarted(name: string, error: unknown): TestResult {
  if (!(error instanceof LabError) || error instanceof Interrupted) throw error;
  return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: ${error.message} ${error.advice}`] };
}

/** With what the lab builds: Helm renders the charts that are looked at. */
async function testWithTools(
  project: string,
  log: Log,
  env: Readonly<Record<string, string>> = {},
): Promise<TestResult> {
  await (await bringToolchain(log)).ready();
  return await vitest(project, { PATH: labPath(), ...env });
}

/** The rules for pods are held against Kubernetes' own. */
async function testPolicies(log: Log): Promise<TestResult> {
  return await testWithTools("policy", log, { SLIPWAY_POD_SECURITY: await buildOracle(log) });
}

async function testOnLab(log: Log): Promise<TestResult> {
  const nodes = (await nodeFigures()).length;
  if (nodes > 1) {
    throw new LabError(
      `the lab has ${nodes} nodes, and these tests are for one`,
      "Take the others away: make lab NODES=1. The tests on several let them join for themselves: lab/run test nodes",
    );
  }
  await ensurePackages({ ...debianPackages.browser, ...debianPackages.certificates }, log);
  await bringLab(log, addonsForExamples);
  return await vitest("e2e", commandEnvironment());
}

/** After the others, which count nodes, and whose pods a drain or a node's end would take away. */
async function testOnNodes(project: string, log: Log): Promise<TestResult> {
  await bringLab(log, ["metallb"]);
  const before = (await nodeFigures()).length;
  await bringLab(log, [], Math.max(before, 3));
  try {
    return await vitest(project, commandEnvironment());
  } finally {
    await bringLab(log, [], before);
  }
}

/** Runs a tool of node_modules that has nothing to count: it passes or fails as one. */
async function check(tool: string, ...args: readonly string[]): Promise<TestResult> {
  const passed = await succeeds(tool, args);
  return passed
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [`${tool.split("/", 1)[0] ?? tool}: see above`] };
}
