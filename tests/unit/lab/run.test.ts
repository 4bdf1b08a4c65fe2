import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { LabError } from "../../../lab/base/errors.ts";
import { withLock } from "../../../lab/base/lock.ts";
import { Progress } from "../../../lab/base/progress.ts";
import { capture, run } from "../../../lab/base/run.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-run-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const log = (): string => join(directory, "below", "a.log");

async function errorOf(work: Promise<unknown>): Promise<LabError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LabError)) throw new Error("no LabError");
  return error;
}

describe("run", () => {
  it("appends the command and all that it says to the log", async () => {
    await run("sh", ["-c", "echo one; echo two >&2"], { log: log() });
    await run("echo", ["three"], { log: log() });
    expect(readFileSync(log(), "utf8")).toBe(
      "$ sh -c echo one; echo two >&2\none\ntwo\n$ echo three\nthree\n",
    );
  });

  it("tells what a failure means where that is known, and what to do", async () => {
    const explain = (said: string) =>
      said.includes("refused") ? { message: "nobody answers", advice: "Start it." } : undefined;
    for (const command of [run, capture]) {
      const failing = (said: string) =>
        errorOf(command("sh", ["-c", `echo ${said} >&2; exit 1`], { log: log(), explain, advice: "Look." }));
      expect(await failing("refused")).toMatchObject({
        message: expect.stringMatching(/^sh failed with exit code 1: nobody answers\n/) as string,
        advice: "Start it.",
      });
      expect(await failing("lost")).toMatchObject({ advice: "Look." });
    }
  });

  it("fails with the end of this command's output, and advice", async () => {
    await run("echo", ["earlier"], { log: log() });
    const error = await errorOf(run("sh", ["-c", "seq 30; exit 3"], { log: log(), advice: "Do this." }));
    expect(error.message).toContain("sh failed with exit code 3\n  │ 11\n");
    expect(error.message).toMatch(/│ 30$/);
    expect(error.message).not.toContain("earlier");
    expect(error.advice).toBe("Do this.");
  });

  it("names the log when there is no other advice", async () => {
    const error = await errorOf(run("false", [], { log: log() }));
    expect(error.advice).toBe(`The whole log: ${log()}`);
  });

  it("hands on lines as they come", async () => {
    const lines: string[] = [];
    await run("printf", ["a\\nb\\n"], { log: log(), onLine: (line) => lines.push(line) });
    expect(lines).toEqual(["a", "b"]);
  });

  it("shows the lines it is told to, and logs them all", async () => {
    const shown = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await run("printf", ["a\\nb\\nc"], { log: log(), show: (line) => line !== "b" });
    expect(shown.mock.calls.flat().join("")).toBe("a\nc\n");
    shown.mockRestore();
    expect(readFileSync(log(), "utf8")).toMatch(/\na\nb\nc$/);
  });
});

describe("capture", () => {
  it("returns the output without its last newline, and takes input and environment", async () => {
    const options = { input: "text", env: { WORD: "w" } };
    expect(await capture("sh", ["-c", "cat; echo $WORD; echo"], options)).toBe("textw\n");
  });

  it("says that a command is not installed", async () => {
    expect((await errorOf(capture("no-such-command", []))).message).toBe("no-such-command is not installed");
  });

  it("ends a command that takes too long, with its children", async () => {
    const slow = capture("sh", ["-c", "sleep 60 & wait"], { timeout: 100 });
    expect((await errorOf(slow)).message).toBe("sh took longer than 0.1 s");
  });
});

describe("a lock", () => {
  it("lets one work at a time and tells who waits", async () => {
    const told: string[] = [];
    const progress = new Progress({
      out: { write: (text: string | Uint8Array) => told.push(String(text)) > 0 },
    });
    const file = join(directory, "lock");
    const order: string[] = [];
    let enter = (): void => undefined;
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const first = withLock(file, progress, async () => {
      enter();
      await left;
      order.push("first");
    });
    await entered;
    const second = withLock(file, progress, () => {
      order.push("second");
      return Promise.resolve();
    });
    await expect.poll(() => told.join("")).toContain("waiting");
    leave();
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
  });

  it("is free again when the work failed", async () => {
    const progress = new Progress({ out: { write: () => true } });
    const file = join(directory, "lock");
    await expect(withLock(file, progress, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(withLock(file, progress, () => Promise.resolve(1))).resolves.toBe(1);
  });
});
