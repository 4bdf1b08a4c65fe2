import { describe, expect, it } from "vitest";

import { SECRET } from "../../../../cli/preview/values.ts";
import { concealed, hideSecrets } from "../../../../cli/review/conceal.ts";

describe("a text", () => {
  it.each([
    ["-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----", "(hidden)"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\ncut off", "(hidden)"],
    [
      `key: ${Buffer.from("-----BEGIN PRIVATE KEY-----\nMHcCAQEEIAfter\n-----END PRIVATE KEY-----\n").toString("base64")}`,
      "key: (hidden)",
    ],
    ["token ghp_0123456789abcdefghijABCDEFGHIJ", "token (hidden)"],
    ["glpat-0123456789abcdefghij", "(hidden)"],
    ["AKIAIOSFODNN7EXAMPLE", "(hidden)"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "(hidden)"],
    ["anna:$2y$05$0123456789abcdefghijkuO3", "anna:(hidden)"],
    ["postgres://anna:swordfish@db:5432/shop", "postgres://anna:(hidden)@db:5432/shop"],
    ["Authorization: Bearer abcdefgh12345678", "Authorization: Bearer (hidden)"],
    ["db.password = swordfish\nport = 1", "db.password = (hidden)\nport = 1"],
    ["--api-token=abcdef", "--api-token=(hidden)"],
    ['"password": "swordfish"', '"password": "(hidden)"'],
  ])("%s is shown as %s", (text, shown) => {
    expect(hideSecrets(text)).toBe(shown);
  });

  it.each([
    "https://shop.test/api",
    "password: ${PASSWORD}",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "secretName: shop-tls",
    "registry.example/shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "Host(`shop.test`) && PathPrefix(`/token`)",
  ])("%s is shown as it is", (text) => {
    expect(hideSecrets(text)).toBe(text);
  });
});

describe("an object", () => {
  it("has what is in a Secret hidden, and nothing reported: the SDK marks it", () => {
    expect(concealed({ type: "Opaque", data: { a: "eA==" } }, "Secret")).toEqual({
      value: { type: "Opaque", data: { a: SECRET } },
      plain: [],
    });
  });

  it("has environment variables hidden by their name", () => {
    const env = [
      { name: "DB_PASSWORD", value: "x" },
      { name: "DB_PASSWORD_FILE", value: "/run/p" },
      { name: "apiKey", value: "1" },
    ];
    expect(concealed({ env }, "Deployment")).toEqual({
      value: { env: [{ name: "DB_PASSWORD", value: SECRET }, env[1], env[2]] },
      plain: ["env[DB_PASSWORD].value"],
    });
  });

  it("keeps names of Secrets", () => {
    const spec = {
      basicAuth: { secret: "users" },
      tls: { secretName: "shop-tls" },
      imagePullSecrets: [{ name: "registry" }],
    };
    expect(concealed(spec, "Middleware")).toEqual({ value: spec, plain: [] });
  });
});
