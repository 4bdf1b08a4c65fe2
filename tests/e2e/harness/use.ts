import { afterAll, beforeAll } from "vitest";

import { conflicts } from "./second-manager.ts";
import { TestStack, type StackOptions } from "./stack.ts";

/**
 * Deploys a stack for a test file, sees that another run than the first could apply the same, and destroys it after the last test, also where one failed. The stack is there once
 * the tests run:
 *
 * ```ts
 * const stack = useStack("e2e-services", { program: "examples/services" });
 * it("answers", async () => { const url = await stack().output<string>("url"); … });
 * ```
 */
export function useStack(name: string, options: StackOptions = {}): () => TestStack {
  let stack: TestStack | undefined;
  beforeAll(async () => {
    stack = await TestStack.prepare(name, options);
    await stack.up();
    const refused = await conflicts(stack);
    if (refused.length > 0) throw new Error(`the next run would conflict:\n${refused.join("\n")}`);
  });
  afterAll(() => stack?.remove());
  return () => {
    if (stack === undefined) throw new Error(`stack ${name} is used before it is deployed`);
    return stack;
  };
}
