import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { rm } from "node:fs/promises";

import { LabError } from "../base/errors.ts";
import { cacheDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";
import { which } from "./installed.ts";

const GiB = 2 ** 30;

/** What a build from nothing was seen to take: compiled packages, binaries, and modules where Go keeps them. */
const spaceForBuild = 10 * GiB;

/** Compiled packages stay for the next change of the toolchain where there is this much room. */
const spaceToKeepCache = 30 * GiB;

/** Compiled packages; removed without loss. */
const goBuildCache = cacheDir("go-build");

/** Go's own scratch space: on the disk of the result, so that a finished program appears there at once and whole. */
const scratch = cacheDir("go-tmp");

/**
 * The environment every Go command of the lab runs in, whatever the user's settings.
 * @param tags build tags
 */
export function goEnv(tags: readonly string[] = []): Record<string, string | undefined> {
  return {
    CGO_ENABLED: "0",
    GOFLAGS: ["-mod=readonly", "-trimpath", ...(tags.length > 0 ? [`-tags=${tags.join(",")}`] : [])].join(
      " ",
    ),
    GOWORK: "off",
    GOCACHE: goBuildCache,
    GOTMPDIR: scratch,
    // The compiler is short-lived and memory is there: collect garbage less often. Saves a tenth of the time.
    GOGC: "300",
  };
}

/** Checks that Go is there, and new enough for the module in this directory. */
export async function checkGo(workdir: string): Promise<void> {
  if (which("go", process.env["PATH"] ?? "") === undefined) {
    throw new LabError(
      "Go is not installed, and the lab's programs are built by it.",
      "Install Go 1.26 or later (https://go.dev/dl), or any from 1.21 on, which fetches the newer one by itself.",
    );
  }
  await capture("go", ["env", "GOVERSION"], {
    cwd: workdir,
    env: { GOFLAGS: undefined, GOWORK: "off" },
    advice: "Install Go 1.26 or later (https://go.dev/dl).",
  });
}

/** Refuses to begin what would fill the disk. */
export function checkSpace(directory: string): void {
  mkdirSync(directory, { recursive: true });
  // A cache from an earlier build saves most of the space that it takes.
  if (existsSync(goBuildCache)) return;
  const free = freeSpace(directory);
  if (free < spaceForBuild) {
    throw new LabError(
      `building needs ${gib(spaceForBuild)} of disk, and ${directory} has ${gib(free)} free`,
      "Free some space, or set XDG_CACHE_HOME to a directory on a larger disk. Afterwards 1 GiB stays in use.",
    );
  }
}

/** Starts a build with clean scratch space: an interrupted one leaves gigabytes. */
export async function makeScratch(): Promise<void> {
  await rm(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
}

/** Binaries stay, compiled packages only where there is room; where they were built is made again in seconds. */
export async function tidyUpCaches(workdir: string): Promise<void> {
  for (const directory of [scratch, workdir]) await rm(directory, { recursive: true, force: true });
  if (freeSpace(cacheDir()) < spaceToKeepCache) await rm(goBuildCache, { recursive: true, force: true });
}

function freeSpace(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

function gib(bytes: number): string {
  return `${(bytes / GiB).toFixed(0)} GiB`;
}
