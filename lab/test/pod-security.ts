import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { withLock } from "../base/lock.ts";
import { cacheDir, projectDir } from "../base/paths.ts";
import type { Log } from "../base/progress.ts";
import { run } from "../base/run.ts";
import { checkGo, goEnv, makeScratch } from "../toolchain/go.ts";

const source = join(projectDir, "tests", "policy", "pod-security");

/**
 * Kubernetes' own verdict on pods as a program, built once for each version of it; returns its path. It is a module of its own, so
 * that it can change without the lab's programs being linked again.
 */
export async function buildOracle(log: Log): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(source, file)));
  const program = cacheDir("pod-security", hash.digest("hex").slice(0, 12));
  await withLock(cacheDir("pod-security.lock"), log, async () => {
    if (existsSync(program)) return;
    log.expect(1);
    await log.task("Kubernetes' own verdict on pods", async () => {
      await rm(cacheDir("pod-security"), { recursive: true, force: true });
      await mkdir(cacheDir("pod-security"), { recursive: true });
      await checkGo(source);
      await makeScratch();
      await run("go", ["build", "-gcflags=all=-dwarf=false", "-o", program, "."], {
        log: "pod-security",
        cwd: source,
        env: goEnv(),
        advice: "Is the Go module proxy reachable? `go env GOPROXY` says which one is asked.",
      });
    });
  });
  return program;
}
