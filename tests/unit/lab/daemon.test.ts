import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { startDaemon } from "../../../lab/cluster/daemon.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-daemon-"));
  vi.stubEnv("XDG_STATE_HOME", directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** Starts a script, and fails once it has ended. */
const start = (script: string): (() => void) =>
  startDaemon({ name: "program", commandLine: ["sh"] }, script, "/dev/null");

it("tells how a daemon ended, and the end of its log", async () => {
  const alive = start("echo no disk >&2; exit 3");
  await vi.waitFor(() => {
    expect(alive).toThrow("program ended with exit code 3\n  │ no disk");
  }, 10_000);
});

it("takes one for alive until it ends, also where it has not become itself yet", async () => {
  const pid = join(directory, "pid");
  const alive = start(`echo $$ > ${pid}; exec sleep 60`);
  const started = await vi.waitUntil(() => existsSync(pid) && Number(readFileSync(pid, "utf8")), 10_000);
  alive();
  process.kill(started, "SIGTERM");
  await vi.waitFor(() => {
    expect(alive).toThrow("program ended by SIGTERM");
  }, 10_000);
});
