import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { noteUse, pruneToolchains } from "../../../lab/toolchain/prune.ts";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

/** A directory of the cache that was used some days ago. */
function make(kind: "toolchain" | "build", key: string, days: number): string {
  const directory = join(cache, "slipway", kind, key);
  mkdirSync(join(directory, "programs"), { recursive: true });
  const used = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
  utimesSync(directory, used, used);
  return directory;
}

it("removes what nobody has used for a month, and neither the current one nor the younger ones", async () => {
  const current = make("toolchain", "current", 40);
  const recent = make("toolchain", "recent", 29);
  const old = [
    make("toolchain", "old", 31),
    make("build", "interrupted", 31),
    make("build", "half.partial", 31),
  ];
  await pruneToolchains("current");
  expect([current, recent].every((directory) => existsSync(directory))).toBe(true);
  expect(old.filter((directory) => existsSync(directory))).toEqual([]);
});

it("keeps one that was used again", async () => {
  const old = make("toolchain", "old", 31);
  await noteUse(old);
  await pruneToolchains("current");
  expect(existsSync(old)).toBe(true);
});

it("keeps one whose programs run, until they have ended", async () => {
  const old = make("toolchain", "old", 1);
  const program = join(old, "programs", "daemon");
  copyFileSync(process.execPath, program);
  const daemon = spawn(program, ["-e", "setInterval(() => {}, 1000); console.log('runs')"]);
  await once(daemon.stdout, "data");
  const later = Date.now() + 31 * 24 * 60 * 60 * 1000;
  await pruneToolchains("current", later);
  expect(existsSync(old)).toBe(true);
  const ended = once(daemon, "exit");
  daemon.kill("SIGKILL");
  await ended;
  await pruneToolchains("current", later);
  expect(existsSync(old)).toBe(false);
});

it("has nothing to do in an empty cache", async () => {
  await expect(pruneToolchains("current")).resolves.toBeUndefined();
});
