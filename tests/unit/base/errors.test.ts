import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { Problems, UserError } from "../../../components/base/errors.ts";
import { dnsLabel, portName } from "../../../components/base/rules/index.ts";

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

  it("stays in one line where a key or its words have a line break", () => {
    const problems = new Problems("app api");
    problems.add("env.a\nb", "\t", "must not\nbe");
    expect(() => {
      problems.throwIfAny();
    }).toThrow('app api:\n  env.a\\nb: "\\t" must not\\nbe');
  });

  it("records below a key in the same list", () => {
    const problems = new Problems("app api");
    const rule = problems.at("routes", 0);
    rule.add("path", "api", "a");
    rule.at("tls").add("", undefined, "b");
    rule.at("middlewares").checkEach("", ["ok", "Not"], dnsLabel);
    rule.at("ports").checkName("8080", portName);
    problems.addAll("canary", [{ key: "image", value: "", allowed: "c" }]);
    expect(problems.found.map(({ key, value }) => [key, value])).toEqual([
      ["routes[0].path", "api"],
      ["routes[0].tls", undefined],
      ["routes[0].middlewares[1]", "Not"],
      ["routes[0].ports.8080", undefined],
      ["canary.image", ""],
    ]);
    expect(rule.found).toBe(problems.found);
  });

  it("checks what is given and known", () => {
    const problems = new Problems("app api");
    problems.check("a", undefined, dnsLabel);
    problems.check("b", pulumi.output("Not"), dnsLabel);
    problems.check("c", Promise.resolve("Not"), dnsLabel);
    problems.check("d", "right", dnsLabel);
    expect(problems.found).toEqual([]);
    problems.check("e", "Not", dnsLabel);
    expect(problems.found).toEqual([{ key: "e", value: "Not", allowed: dnsLabel.allowed }]);
  });

  it("is silent when nothing is wrong", () => {
    expect(() => {
      new Problems("app api").throwIfAny();
    }).not.toThrow();
  });
});
