import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { load, useExample, waitFor, type Answer } from "./harness/index.ts";

const example = useExample("ingress", "e2e-ingress", { secrets: { "users.ann": "correct horse" } });
const { url } = example;
const client = example.client();

const version = ({ status, body }: Answer): string => (status === 200 ? body.trim() : String(status));
const get = (name: string, path = "/version", headers: Record<string, string> = {}): Promise<Answer> =>
  client.get(url(`${name}.test`, path), headers);
const answers = async (name: string, path?: string, headers?: Record<string, string>): Promise<string> =>
  version(await get(name, path, headers));

beforeAll(async () => {
  await waitFor(async () => (await answers("weight")) === "v1", {
    message: "Traefik to serve nginx's Ingresses",
  });
  await waitFor(async () => (await answers("steps")) === "v1", { message: "Traefik to serve the Ingresses" });
});
afterAll(() => client.close());

describe("a standard Ingress", () => {
  it("leads by host", async () => {
    expect(await answers("v1")).toBe("v1");
    expect(await answers("one")).toBe("v1");
  });

  it("leads by prefix, exact path and pattern", async () => {
    expect(await answers("paths", "/v1/version")).toBe("v1");
    expect(await answers("paths", "/v2/version")).toBe("v2");
    expect((await get("paths", "/v1")).body).toContain('<dd id="version">v1</dd>');
    // An exact path wins over the prefix "/", though Traefik would rank its shorter rule last.
    expect(await answers("paths", "/version")).toBe("v2");
    expect(await answers("paths", "/hostname.html")).toMatch(/^v1-/);
    expect((await get("paths", "/whoami")).body).toContain('"version":"echo"');
    // Prefixes end at a slash, or this would be v1's.
    const other = await get("paths", "/v10/version");
    expect([other.status, other.headers["x-app-version"]]).toEqual([404, undefined]);
  });

  it("goes through middlewares", async () => {
    expect((await get("steps")).headers).toMatchObject({ "x-step": "1" });
  });

  it("has a default backend for what nobody else wants", async () => {
    expect(await answers("unknown")).toBe("v2");
  });
});

describe("an Ingress with ingress-nginx's annotations", () => {
  it("rewrites by pattern", async () => {
    expect(await answers("rewrite", "/haha/version")).toBe("v1");
    expect((await get("rewrite", "/haha")).body).toContain('<dd id="version">v1</dd>');
    // Not the pattern's: the default backend answers.
    expect((await get("rewrite", "/hahaha/version")).headers).toMatchObject({ "x-app-version": "v2" });
  });

  it("has an app root", async () => {
    const { status, headers } = await get("root", "/");
    expect([status, headers["location"]]).toEqual([302, expect.stringMatching(/\/hostname\.html$/)]);
    expect(await answers("root")).toBe("v1");
  });

  it("redirects to https", async () => {
    const { status, headers } = await get("forced", "/x");
    expect([status, headers["location"]]).toEqual([308, "https://forced.test/x"]);
  });

  it("lets in whom it lists", async () => {
    expect(await answers("allowed")).toBe("403");
  });

  it("asks for a password", async () => {
    const authorization = `Basic ${Buffer.from("ann:correct horse").toString("base64")}`;
    expect((await get("password")).headers).toMatchObject({ "www-authenticate": 'Basic realm="shop"' });
    expect(await answers("password")).toBe("401");
    expect(await answers("password", "/version", { authorization })).toBe("v1");
  });

  it("has a canary by header, cookie and weight", async () => {
    expect(await answers("header")).toBe("v1");
    expect(await answers("header", "/version", { version: "2" })).toBe("v2");
    expect(await answers("header", "/version", { version: "1" })).toBe("v1");
    expect(await answers("cookie")).toBe("v1");
    expect(await answers("cookie", "/version", { cookie: "beta=always" })).toBe("v2");
    expect(await answers("cookie", "/version", { cookie: "beta=never" })).toBe("v1");
    const { failed, answers: counted } = await load(client, url("weight.test", "/version"), {
      requests: 500,
      key: version,
    });
    expect(failed).toEqual([]);
    expect(counted["v2"]).toBeGreaterThan(40);
    expect(counted["v2"]).toBeLessThan(60);
  });
});

it("previews empty, and lets in whom it lists after a change", async () => {
  expect(await example.stack().changes()).toEqual([]);
  await example.stack().configure({ allowed: ["0.0.0.0/0", "::/0"] });
  await example.stack().up();
  await waitFor(async () => (await answers("allowed")) === "v1", { message: "the new list" });
});
