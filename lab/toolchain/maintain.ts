import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { withLock } from "../base/lock.ts";
import { cacheDir } from "../base/paths.ts";
import type { Log } from "../base/progress.ts";
import { run } from "../base/run.ts";
import { goEnv, makeScratch } from "./go.ts";
import { addonModules, mainModule, sourceOf } from "./modules.ts";
import { prepareWorkdir, sourcesKey } from "./workdir.ts";

/**
 * For whoever changes versions: runs Go where the module is complete, with its trimmed copies, and brings the changed go.mod and
 * go.sum back into the clone. `lab/run go get helm.sh/helm/v4@v4.2.4`, then `lab/run go list -deps ./cmd/... tool`, which adds
 * the checksums of what is new. An addon's module is named first: `lab/run go pebble list -deps tool`.
 */
export async function maintainModule(log: Log, words: readonly string[]): Promise<void> {
  const addon = Object.entries(addonModules).find(([name]) => name === words[0])?.[1];
  const [module, args] = addon === undefined ? [mainModule, words] : [addon, words.slice(1)];
  await withLock(cacheDir("toolchain.lock"), log, async () => {
    const workdir = await prepareWorkdir(module, sourcesKey(module));
    await makeScratch();
    try {
      await run("go", args, {
        log: "go",
        cwd: workdir,
        env: { ...goEnv(), GOFLAGS: "-mod=mod -trimpath" },
        show: true,
      });
      for (const file of ["go.mod", "go.sum"])
        await copyFile(join(workdir, file), join(sourceOf(module), file));
    } finally {
      // It is no longer what its key says.
      await rm(workdir, { recursive: true });
    }
  });
}
