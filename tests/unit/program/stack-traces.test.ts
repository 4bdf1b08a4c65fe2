import { expect, it, vi } from "vitest";

it("leaves stack traces to Node.js, whoever took them over", async () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  try {
    Error.prepareStackTrace = () => "mapped";
    expect(new Error("one").stack).toBe("mapped");
    vi.resetModules();
    await import("../../../program/stack-traces.ts");
    expect(new Error("two").stack).toContain("stack-traces.test.ts");
  } finally {
    if (before !== undefined) Object.defineProperty(Error, "prepareStackTrace", before);
  }
});
