import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { withLock } from "../base/lock.ts";
import { ensurePackages } from "../base/packages.ts";
import { cacheDir, projectDir } from "../base/paths.ts";
import { debianPackages } from "../base/programs.ts";
import type { Log } from "../base/progress.ts";
import { capture, run } from "../base/run.ts";
import { inTemporary } from "../../cli/base/temporary.ts";
import { which } from "../toolchain/installed.ts";
import type { TestResult } from "./result.ts";

const app = join(projectDir, "apps", "fastapi");

/** Runs the FastAPI app's own tests, on this machine, shown to the user; failed tests do not throw. */
export async function testFastapi(log: Log): Promise<TestResult> {
  const python = await testEnvironment(log);
  return await inTemporary(async (directory) => {
    const report = join(directory, "report.xml");
    await run(python, ["-B", "-m", "pytest", "-q", `--junitxml=${report}`], {
      log: "pytest",
      cwd: app,
      show: true,
    }).catch((error: unknown) => {
      // With a report, what failed are tests.
      if (!(error instanceof LabError) || !existsSync(report)) throw error;
    });
    return pytestResult(await readFile(report, "utf8"));
  });
}

/** What pytest's JUnit report says. */
export function pytestResult(report: string): TestResult {
  const suite = /<testsuite [^>]*>/.exec(report)?.[0] ?? "";
  const count = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  const failures = failed > 0 ? [`pytest: ${failed} of the FastAPI app's own tests, see above`] : [];
  return { passed: count("tests") - failed - skipped, failed, skipped, failures };
}

/** A virtual environment with what the tests need, made once for each set of requirements; returns its Python. */
async function testEnvironment(log: Log): Promise<string> {
  if (which("python3") === undefined) await ensurePackages(debianPackages.python, log);
  const version = await capture("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 3 || minor < 11) {
    throw new LabError(`python3 is ${version}`, "The FastAPI app's tests need Python 3.11 or newer.");
  }
  const requirements = await Promise.all(
    ["requirements.txt", "requirements-test.txt"].map((file) => readFile(join(app, file), "utf8")),
  );
  const key = createHash("sha256")
    .update([version, ...requirements].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const environment = cacheDir("python", key);
  const python = join(environment, "bin", "python");
  await withLock(cacheDir("python.lock"), log, async () => {
    if (existsSync(join(environment, "complete"))) return;
    const standardLibrary = await capture("python3", [
      "-c",
      "import sysconfig; print(sysconfig.get_path('stdlib'))",
    ]);
    await ensurePackages(
      { "python3-venv": { file: join(standardLibrary, "ensurepip", "__init__.py") } },
      log,
    );
    log.expect(1);
    await log.task("Python packages for the FastAPI app's tests", async () => {
      await rm(cacheDir("python"), { recursive: true, force: true });
      await run("python3", ["-m", "venv", environment], { log: "pytest" });
      await run(
        python,
        ["-m", "pip", "install", "--quiet", "--requirement", join(app, "requirements-test.txt")],
        {
          log: "pytest",
          advice: "Its packages come from PyPI: can it be reached?",
        },
      );
      await writeFile(join(environment, "complete"), "");
    });
  });
  return python;
}
