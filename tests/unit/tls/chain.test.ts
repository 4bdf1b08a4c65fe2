import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { ProvidedCertificate } from "../../../components/index.ts";
import { checkPair } from "../../../components/tls/chain.ts";
import { readConfig } from "../../../program/config.ts";
import { mistakesOf } from "../mistakes.ts";
import { record, resolved } from "../mocks.ts";
import { sourceOf } from "../program/stack.ts";

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../../data/certificates", name), "utf8");
const [leaf, intermediate, root] = [read("leaf.pem"), read("intermediate.pem"), read("root.pem")];
const [key, other] = [read("leaf.key"), read("other.key")];
const good = { chain: leaf + intermediate, key };

const mistakes = (pair: Partial<typeof good>, hosts = ["shop.example"], now = new Date()): string[] => {
  const problems = new Problems("test");
  checkPair({ ...good, ...pair }, hosts, problems, now);
  return problems.found.map(({ key, value, allowed }) => {
    // The key must not be told, nor a chain of many lines.
    expect(value).toBeUndefined();
    return `${key} ${allowed}`;
  });
};

describe("a certificate from elsewhere", () => {
  it("is taken with its chain, with or without the root, for each of its names", () => {
    const hosts = ["shop.example", "a.shop.example", "*.shop.example"];
    for (const chain of [leaf, leaf + intermediate, leaf + intermediate + root]) {
      expect(mistakes({ chain }, hosts)).toEqual([]);
    }
  });

  it("is for each host that is asked for", () => {
    expect(mistakes({}, ["shop.example", "a.b.shop.example", "*.example"])).toEqual([
      "chain is not for a.b.shop.example: its names are shop.example, *.shop.example",
      "chain is not for *.example: its names are shop.example, *.shop.example",
    ]);
  });

  it("comes with its own key", () => {
    expect(mistakes({ key: other })).toEqual(["key is not that of the first certificate in chain"]);
    expect(mistakes({ key: "no key" })).toEqual(["key must be a private key, PEM, without a passphrase"]);
  });

  it("comes before who signed it", () => {
    expect(mistakes({ chain: leaf + root + intermediate })).toEqual([
      "chain must have each certificate's issuer after it: certificate 2 did not sign certificate 1",
      "chain must have each certificate's issuer after it: certificate 3 did not sign certificate 2",
    ]);
    expect(mistakes({ chain: "none" })).toEqual(["chain must be certificates, PEM, the host's first"]);
  });

  it("is valid now", () => {
    expect(mistakes({ chain: leaf }, [], new Date("2200-01-01"))).toEqual([
      "chain must still be valid: certificate 1 ended on 2126-11-02",
    ]);
    expect(mistakes({ chain: leaf }, [], new Date("2020-01-01"))).toEqual([
      "chain must be valid already: certificate 1 begins on 2026-11-26",
    ]);
  });
});

it("becomes a Secret of the app's namespace, with its key hidden", async () => {
  const args = { namespace: "shop", stack: { project: "p", stack: "s" }, hosts: ["shop.example"], ...good };
  const made = await record(() => new ProvidedCertificate("shop-tls", args));
  const { inputs, secrets } = made.one("kubernetes:core/v1:Secret");
  expect(inputs).toMatchObject({
    type: "kubernetes.io/tls",
    metadata: { name: "shop-tls", namespace: "shop" },
    data: {
      "tls.crt": Buffer.from(good.chain).toString("base64"),
      "tls.key": Buffer.from(key).toString("base64"),
    },
  });
  expect(secrets).toEqual(["data"]);
  expect(await resolved(made.value.validityEnd)).toMatch(/^2126-11-02T/);
  expect(await resolved(made.value.fingerprint)).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

describe("in a stack file", () => {
  const lines = (config: Record<string, unknown>): string[] => mistakesOf(() => readConfig(sourceOf(config)));
  const pem = { kind: "pem", ...good };

  it("is for all apps that have none of their own, and checked against their hosts", () => {
    const apps = {
      shop: { image: "x:1", host: "shop.example" },
      other: { image: "x:1", host: "other.example" },
    };
    expect(lines({ tls: { source: pem }, apps: { shop: apps.shop } })).toEqual([]);
    expect(lines({ tls: { source: pem }, apps })).toEqual([
      "  tls.source.chain: is not for other.example: its names are shop.example, *.shop.example",
    ]);
    const own = { ...apps, other: { ...apps.other, certificate: { kind: "authority" } } };
    expect(lines({ tls: { source: pem }, apps: own })).toEqual([]);
  });

  it("is told with its app, and never with its key", () => {
    const shop = { image: "x:1", host: "shop.example", certificate: { ...pem, key: other } };
    const told = lines({ apps: { shop } });
    expect(told).toEqual(["  apps.shop.certificate.key: is not that of the first certificate in chain"]);
  });

  it("is one for each host: Traefik would serve either of two", () => {
    const shop = { image: "x:1", host: "shop.example", certificate: pem };
    const api = { image: "x:1", host: "shop.example", path: "/api" };
    expect(lines({ apps: { shop, api } })).toEqual([
      "  apps.api.certificate: is another than that of apps.shop, which has the host shop.example, too: Traefik would serve either",
    ]);
    expect(lines({ apps: { shop, api: { ...api, certificate: pem } } })).toEqual([]);
  });
});
