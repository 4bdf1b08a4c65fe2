import { describe, expect, it } from "vitest";

import { elapsed, Progress } from "../../../lab/base/progress.ts";

/** A stream that keeps what was written, and a clock that moves by hand. */
function recorded(options: { isTTY?: boolean; columns?: number } = {}) {
  let text = "";
  let time = 0;
  const out = {
    ...options,
    write(chunk: string | Uint8Array) {
      text += String(chunk);
      return true;
    },
  };
  const progress = new Progress({ out, period: 20, now: () => time });
  return {
    progress,
    text: () => text,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe("progress in a plain log", () => {
  it("says when a task starts and how long it took, with its number among those expected", async () => {
    const { progress, text, pass } = recorded();
    progress.expect(12);
    await progress.task("cluster", () => {
      pass(65_000);
      return Promise.resolve();
    });
    expect(text()).toBe("[ 1/12] cluster …\n[ 1/12] cluster  1 min 05 s\n");
  });

  it("says from time to time what still runs and what it last noted", async () => {
    const { progress, text, pass } = recorded();
    await progress.task("build", async (note) => {
      note("7 of 9 packages");
      pass(12_000);
      await expect.poll(text).toContain("[1/1] build … 12 s, 7 of 9 packages\n");
    });
  });

  it("says that a task failed, and lets the failure through", async () => {
    const { progress, text } = recorded();
    await expect(progress.task("build", () => Promise.reject(new Error("no disk")))).rejects.toThrow(
      "no disk",
    );
    expect(text()).toContain("[1/1] build  failed after 0.0 s\n");
  });

  it("counts tasks that nobody announced", async () => {
    const { progress, text } = recorded();
    await progress.task("one", () => Promise.resolve());
    await progress.task("two", () => Promise.resolve());
    expect(text()).toContain("[2/2] two");
  });
});

describe("progress on a terminal", () => {
  it("keeps running tasks in one line below the finished ones, cut to the width", async () => {
    const { progress, text } = recorded({ isTTY: true, columns: 12 });
    await progress.task("a long title", () => Promise.resolve());
    expect(text()).toBe("\r\x1b[K[1/1] a lon\r\x1b[K[1/1] a long title  0.0 s\n\r\x1b[K");
  });
});

it.each([
  [40, "0.0 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [60_000, "1 min 00 s"],
  [185_000, "3 min 05 s"],
])("%i ms is %s", (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});
