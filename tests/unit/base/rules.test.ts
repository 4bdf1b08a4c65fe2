import { describe, expect, it } from "vitest";

import * as rules from "../../../components/base/rules/index.ts";

const sha = "0123456789abcdef".repeat(4);

/** What each rule takes, and what it does not. */
const cases: readonly (readonly [string, rules.Rule<never>, readonly unknown[], readonly unknown[]])[] = [
  [
    "dnsLabel",
    rules.dnsLabel,
    ["a", "api-v2", "1a", "a".repeat(63)],
    ["", "Api", "-a", "a-", "a.b", "a".repeat(64), "ä"],
  ],
  ["serviceName", rules.serviceName, ["a", "web-1"], ["1web", "", "Web", "a.b"]],
  [
    "dnsName",
    rules.dnsName,
    ["a.b", "portal.dev.slipway.test"],
    ["a..b", "a_b", "", ".a", "a.", "a".repeat(64)],
  ],
  [
    "objectName",
    rules.objectName,
    ["a", "a.b-c", "a".repeat(253)],
    ["", "A", "a_b", "a..b", "-a", "a/b", "a".repeat(254)],
  ],
  [
    "portName",
    rules.portName,
    ["http", "h2c", "a-b"],
    ["", "80", "a--b", "-a", "a-", "Http", "a".repeat(16)],
  ],
  ["variableName", rules.variableName, ["A", "_a", "a.b-c"], ["", "1A", "A B", "A=B", ".", "..", "..a"]],
  [
    "dataKey",
    rules.dataKey,
    ["a.conf", "1", ".dockerconfigjson", "A_b"],
    ["", ".", "..", "..a", "a/b", "a b"],
  ],
  [
    "labelKey",
    rules.labelKey,
    ["a", "app.kubernetes.io/name", "A_b"],
    ["", "/a", "a/", "a/b/c", "A.b/c", "-a", "a".repeat(64)],
  ],
  ["labelValue", rules.labelValue, ["", "a", "A.b_c-1"], ["a b", "-a", "a-", "a/b", "a".repeat(64)]],
  ["annotationKey", rules.annotationKey, ["a", "Example.org/A"], ["", "a b", "a/b/c"]],
  ["port", rules.port, [1, 65_535], [0, 65_536, 1.5]],
  ["nodePort", rules.nodePort(), [30_000, 32_767], [29_999, 32_768]],
  ["nodePort of a range", rules.nodePort("80-35000"), [80, 35_000], [79, 35_001]],
  ["nodePort of a range that is none", rules.nodePort("80"), [30_000, 32_767], [80]],
  [
    "portRange",
    rules.portRange,
    ["30000-40000", "1-65535", "80-80"],
    ["80", "0-80", "2-1", "1-65536", "a-b"],
  ],
  ["count", rules.count, [0, 2 ** 31 - 1], [-1, 1.5, 2 ** 31, Number.NaN]],
  ["positive", rules.positive, [1], [0]],
  ["percentage", rules.percentage, [0, 100], [-1, 101, 0.5]],
  ["share", rules.share, [0, 3, "25%", "100%"], [-1, "25", "101%", "-1%", "1.5%"]],
  [
    "address",
    rules.address,
    ["10.0.0.1", "::1"],
    ["300.1.1.1", "10.0.0.1:80", "a", "", "fe80::1%eth0", "10.0.0.1 "],
  ],
  [
    "reachable",
    rules.reachable,
    ["192.0.2.1", "2001:db8::1"],
    ["127.0.0.1", "::1", "169.254.1.1", "224.0.0.1", "0.0.0.0", "a"],
  ],
  [
    "cidr",
    rules.cidr,
    ["10.0.0.0/8", "::/0"],
    ["10.0.0.0", "10.0.0.0/33", "x/8", "10.0.0.0/8/8", "10.0.0.0/08", "::1%a/8"],
  ],
  ["addressOrCidr", rules.addressOrCidr, ["10.0.0.0/8", "10.0.0.1"], ["10.0.0.0/33", "a", ""]],
  ["quantity", rules.quantity, ["1", "250m", "64Mi", "1.5", "1e3"], ["", "Mi", "1 Mi", "-1", "64MB"]],
  ["size", rules.size, ["1", "1Gi"], ["0", "0Gi", "a"]],
  [
    "urlPath",
    rules.urlPath,
    ["/", "/api/v1", "/api/", "/a%20b", "/ä", "/a.b", "/..a"],
    [
      "",
      "api",
      "/a b",
      "/a?b",
      "/a#b",
      "//",
      "/a//b",
      "/a/../b",
      "/..",
      "/.",
      "/a/./b",
      "/%zz",
      "/%2",
      "/a%2Fb",
      "/a\u0000",
      "/a\n",
    ],
  ],
  ["urlPathAndQuery", rules.urlPathAndQuery, ["/healthz?full=1"], ["/a b", "/a?b c", "/../a?b", "/a?b#c"]],
  ["mountPath", rules.mountPath, ["/data", "/a/b.c"], ["/", "data", "/a:b", "/a/../b", "//a", "/a/.", ""]],
  ["innerPath", rules.innerPath, ["a", "a/b.conf"], ["", "/a", "../a", "a/../b", "a//b", "..a", "a:b", "."]],
  ["headerName", rules.headerName, ["X-A", "user_agent"], ["", "X A", "X:", "X\n", "ä"]],
  ["headerValue", rules.headerValue, ["", "a b", "ä", "a\tb"], ["a\nb", "a\rb", "\u0000"]],
  ["method", rules.method, ["GET", "M-SEARCH"], ["get", "", "GET POST"]],
  [
    "imageReference",
    rules.imageReference,
    [
      "web",
      "web:1",
      "library/web:1.4-a",
      "localhost/web",
      "localhost:5000/a/b:1",
      "registry.example/web:1",
      `web@sha256:${sha}`,
      `r.io:5000/web:1@sha256:${sha}`,
      "[2001:db8::1]:5000/web",
      "a__b/c--d",
    ],
    [
      "",
      " ",
      "web 1",
      "Web:1",
      "web:",
      "web:1:2",
      "https://r.io/web",
      "r.io/web:1:2",
      "web@sha256:abc",
      "web@md5:abc",
      "r.io:99999/web",
      "r.io:/web",
      "web:ä",
      `web:${"a".repeat(129)}`,
      "/web",
      "web/",
      "a//b",
      "web@",
      "-web",
      "a___b",
    ],
  ],
  ["imageTag", rules.imageTag, ["1", "v3.7.11"], ["", ".a", "a:b", "a/b", "-a"]],
  ["imageDigest", rules.imageDigest, [`sha256:${sha}`], ["sha256:abc", sha, `sha256:${sha.toUpperCase()}`]],
  ["imageRepository", rules.imageRepository, ["web", "r.io/web"], ["", "Web", "web:1", "https://r.io/web"]],
  [
    "registryHost",
    rules.registryHost,
    ["r.io", "localhost:5000", "[::1]:5000", "10.0.0.1:5000"],
    ["", "https://r.io", "r.io/lab", "r.io:", "r.io:0", "r.io:99999", "r io"],
  ],
  [
    "registryPrefix",
    rules.registryPrefix,
    ["r.io", "r.io:5000/lab/a"],
    ["", "https://r.io", "r.io/", "r.io/Lab", "r.io:99999/lab"],
  ],
];

describe.each(cases)("%s", (_name, { test, allowed }, right, wrong) => {
  it.each(right)("takes %j", (value) => {
    expect(test(value as never)).toBe(true);
  });

  it.each(wrong)("refuses %j, in words", (value) => {
    expect(test(value as never)).toBe(false);
    const words: unknown = typeof allowed === "string" ? allowed : allowed(value as never);
    expect(words).toMatch(/^must /);
  });
});

describe("whole", () => {
  it("names the largest number where there is one, or where it was passed", () => {
    expect(rules.broken(rules.whole(1), 0)).toBe("must be a whole number from 1");
    expect(rules.broken(rules.whole(1), 2 ** 31)).toBe("must be a whole number from 1 to 2147483647");
    expect(rules.broken(rules.whole(1, 9), 0)).toBe("must be a whole number from 1 to 9");
    expect(rules.broken(rules.seconds, -1)).toBe("must be a whole number of seconds from 0");
  });
});
