import { describe, expect, it } from "vitest";

import { Problems, UserError } from "../../../components/base/errors.ts";

describe("Problems", () => {
  it("reports every mistake in one error, a line each, with key, value and what is allowed", () => {
    const problems = new Problems("app api");
    problems.unless(false, "path", "api", 'must begin with "/"');
    problems.unless(true, "port", 80, "is fine");
    problems.add("image", undefined, "is required");
    expect(() => {
      problems.throwIfAny();
    }).toThrow(
      new UserError("app api", [
        { key: "path", value: "api", allowed: 'must begin with "/"' },
        { key: "image", value: undefined, allowed: "is required" },
      ]),
    );
    try {
      problems.throwIfAny();
    } catch (error) {
      expect((error as Error).message).toBe(
        'app api:\n  path: "api" must begin with "/"\n  image: is required',
      );
    }
  });

  it("is silent when nothing is wrong", () => {
    expect(() => {
      new Problems("app api").throwIfAny();
    }).not.toThrow();
  });
});
