import { describe, expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { checkRule, matchPriority, matchRule } from "../../../components/route/match.ts";
import type { RequestMatch } from "../../../components/route/match.ts";

const rules: [string, RequestMatch, string][] = [
  ["any request", {}, "PathPrefix(`/`)"],
  ["a host", { host: "a.test" }, "Host(`a.test`)"],
  ["a prefix by segments", { path: "/api" }, "(Path(`/api`) || PathPrefix(`/api/`))"],
  ["a prefix without its slash", { path: "/api/" }, "(Path(`/api`) || PathPrefix(`/api/`))"],
  [
    "a host and a prefix",
    { host: "a.test", path: "/api" },
    "Host(`a.test`) && (Path(`/api`) || PathPrefix(`/api/`))",
  ],
  ["an exact path", { path: "/api", pathType: "exact" }, "Path(`/api`)"],
  [
    "the exact root of a host",
    { host: "a.test", path: "/", pathType: "exact" },
    "Host(`a.test`) && Path(`/`)",
  ],
  [
    "a regular expression from the beginning",
    { path: "/v[0-9]+/", pathType: "regex" },
    "PathRegexp(`^/v[0-9]+/`)",
  ],
  ["a regular expression", { path: "^/v[0-9]+/", pathType: "regex" }, "PathRegexp(`^/v[0-9]+/`)"],
  [
    "headers and query",
    {
      host: "a.test",
      headers: { version: "2", "user-agent": { regex: "curl/.*" } },
      query: { q: "1", r: { regex: "^x" } },
    },
    "Host(`a.test`) && Header(`version`, `2`) && HeaderRegexp(`user-agent`, `curl/.*`) && Query(`q`, `1`) && QueryRegexp(`r`, `^x`)",
  ],
  ["one method", { host: "a.test", methods: ["GET"] }, "Host(`a.test`) && Method(`GET`)"],
  [
    "several methods and addresses",
    { host: "a.test", methods: ["GET", "HEAD"], clientIps: ["10.0.0.0/8", "::1"] },
    "Host(`a.test`) && (Method(`GET`) || Method(`HEAD`)) && (ClientIP(`10.0.0.0/8`) || ClientIP(`::1`))",
  ],
  ["a backtick in a value", { headers: { x: 'a`b"c' } }, 'PathPrefix(`/`) && Header(`x`, "a`b\\"c")'],
];

it.each(rules)("matches %s", (_name, match, rule) => {
  expect(matchRule(match)).toBe(rule);
});

describe("priority", () => {
  /** What Traefik goes by: the priority given, or else the rule's length. */
  const rank = (match: RequestMatch): number => matchPriority(match) ?? matchRule(match).length;
  const host = "a.test";

  it.each<[string, RequestMatch, RequestMatch]>([
    ["a longer prefix before a shorter", { host, path: "/api/v1" }, { host, path: "/api" }],
    ["a prefix before the whole host", { host, path: "/a" }, { host }],
    [
      "an exact path before its own prefix",
      { host, path: "/api", pathType: "exact" },
      { host, path: "/api" },
    ],
    [
      "an exact path before a shorter prefix",
      { host, path: "/api/v1", pathType: "exact" },
      { host, path: "/api" },
    ],
    ["a condition before none", { host, path: "/api", headers: { v: "2" } }, { host, path: "/api" }],
    ["a host before the wildcard that stands for it", { host: "a.b.test" }, { host: "*.b.test" }],
    [
      "an exact path of a host before that of a wildcard",
      { host: "a.b.test", path: "/x", pathType: "exact" },
      { host: "*.b.test", path: "/x", pathType: "exact" },
    ],
    [
      "an exact path of a wildcard before its prefix",
      { host: "*.b.test", path: "/x", pathType: "exact" },
      { host: "*.b.test", path: "/x" },
    ],
    ["the shortest host before any host", { host: "a" }, {}],
    ["a header on any host before none", { headers: { v: "2" } }, {}],
  ])("asks %s", (_name, first, second) => {
    expect(rank(first)).toBeGreaterThan(rank(second));
  });

  it("leaves a prefix of a host to Traefik", () => {
    expect(matchPriority({ host, path: "/api" })).toBeUndefined();
  });
});

describe("a rule written by hand", () => {
  const complaints = (rule: string): string[] => {
    const problems = new Problems("route x");
    checkRule(rule, problems.at("match"));
    return problems.found.map((problem) => problem.allowed);
  };

  it.each([
    "Host(`a.test`) && PathPrefix(`/api`)",
    "Header(`a`, `b`) || HeaderRegexp(`a`, `^b{2}$`)",
    "PathRegexp(`^/v[0-9]{1,2}/`) && !Query(`debug`)",
  ])("may be %s", (rule) => {
    expect(complaints(rule)).toEqual([]);
  });

  it.each([
    ["Headers(`a`, `b`)", "Headers is called Header since Traefik 3"],
    ["HeadersRegexp(`a`, `b`)", "HeadersRegexp is called HeaderRegexp since Traefik 3"],
    ["HostHeader(`a.test`)", "HostHeader is called Host since Traefik 3"],
    [
      "HostRegexp(`{sub:[a-z]+}.a.test`)",
      "{name:pattern} is no longer understood; use PathRegexp or HostRegexp with a Go regular expression",
    ],
    ["Host(`a.test`, `b.test`)", "a matcher takes one value since Traefik 3; join several with ||"],
    ["Query(`a=b`)", "write Query(`key`, `value`) since Traefik 3"],
    ["", "must not be empty"],
  ])("may not be %s", (rule, message) => {
    expect(complaints(rule)).toEqual([message]);
  });
});
