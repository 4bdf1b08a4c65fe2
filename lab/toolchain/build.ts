import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { cacheDir } from "../base/paths.ts";
import { elapsed, type Log } from "../base/progress.ts";
import { capture, run } from "../base/run.ts";
import { addDashboardPage } from "./dashboard-page.ts";
import { checkGo, checkSpace, goEnv, makeScratch, tidyUpCaches } from "./go.ts";
import type { ToolchainLayout } from "./layout.ts";
import { type GoModule, linkerFlags } from "./modules.ts";
import type { Part } from "./parts.ts";
import { traefik } from "./trims.ts";
import { copyOf, prepareWorkdir } from "./workdir.ts";

export interface BuildOptions {
  readonly log: Log;
  readonly module: GoModule;
  /** Where its programs go. */
  readonly layout: ToolchainLayout;
  /** Called when another program is there, while others still build. */
  readonly onBuilt: () => void;
}

/**
 * Builds programs of a module by one `go build`: what they share is compiled once, those named first are ready first, and while one is
 * linked, which keeps one processor busy, others compile.
 */
export async function buildParts(wanted: readonly Part[], options: BuildOptions): Promise<void> {
  const { log, module, onBuilt } = options;
  const { key, programs: target } = options.layout;
  checkSpace(cacheDir());
  await mkdir(target, { recursive: true });
  await makeScratch();
  const withPage = wanted.some(({ name }) => name === traefik.name);
  log.expect(withPage ? 3 : 2);
  const packages = wanted.map((part) => part.package);
  const { workdir, total } = await log.task("Go modules", async () => {
    const directory = await prepareWorkdir(module, key);
    await checkGo(directory);
    // Go takes in the page when it begins to build; fetching modules leaves the processors idle meanwhile.
    const [total] = await Promise.all([
      fetchModules(directory, module, packages),
      withPage &&
        log.task("Traefik's dashboard", (note) =>
          addDashboardPage(copyOf(traefik, directory), traefik, note),
        ),
    ]);
    return { workdir: directory, total };
  });
  log.info(`Building ${wanted.map(({ name, version }) => `${name} ${version}`).join(", ")}.`);
  await log.task(`Go programs`, async (note) => {
    const started = Date.now();
    let compiled = 0;
    const build = goBuild(workdir, { module, packages, target }, () => {
      compiled += 1;
      note(`${compiled} of ${total} packages`);
    });
    const pending = new Set(wanted);
    const collect = (): void => {
      for (const part of pending) {
        if (!existsSync(join(target, part.name))) continue;
        pending.delete(part);
        const count = `${wanted.length - pending.size} of ${wanted.length}`;
        log.info(`  ${count}: ${part.name} is built, after ${elapsed(Date.now() - started)}`);
        onBuilt();
      }
    };
    const ended = build.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([ended, sleep(300, false)]))) collect();
    await build;
    collect();
  });
  await tidyUpCaches(workdir);
}

/** Fetches what the packages need, many modules at once, and counts the packages. */
async function fetchModules(
  workdir: string,
  { tags }: GoModule,
  packages: readonly string[],
): Promise<number> {
  const list = await capture("go", ["list", "-deps", ...packages], {
    cwd: workdir,
    // Go fetches as many modules at once as it has processors; what limits here is the network's latency.
    env: { ...goEnv(tags), GOMAXPROCS: "32" },
    advice: "Is the Go module proxy reachable? `go env GOPROXY` says which one is asked.",
  });
  return list.split("\n").length;
}

async function goBuild(
  workdir: string,
  what: { readonly module: GoModule; readonly packages: readonly string[]; readonly target: string },
  onPackage: () => void,
): Promise<void> {
  await run(
    // Others have the first turn: the cluster starts while this goes on.
    "nice",
    [
      "go",
      "build",
      "-v",
      // Nobody will debug these; they compile and link faster and are a third smaller.
      "-gcflags=all=-dwarf=false",
      `-ldflags=${linkerFlags(what.module).join(" ")}`,
      "-o",
      `${what.target}/`,
      ...what.packages,
    ],
    {
      log: "toolchain",
      cwd: workdir,
      env: goEnv(what.module.tags),
      onLine: onPackage,
    },
  );
}
