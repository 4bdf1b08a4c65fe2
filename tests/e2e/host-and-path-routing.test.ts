import { afterAll, describe, expect, it } from "vitest";

import { Client, said, useExample } from "./harness/index.ts";

const example = useExample("host-and-path-routing", "e2e-paths");
const { url } = example;

describe("a client of the routes", () => {
  const client = example.client();
  const get = async (host: string, path: string, headers: Record<string, string> = {}): Promise<string> =>
    said(await client.get(url(host, path), headers));

  afterAll(() => client.close());

  it("finds an app under each prefix, which the app does not see", async () => {
    expect(await get("shop.test", "/one/version")).toBe("one");
    expect(await get("shop.test", "/two/version")).toBe("two");
    expect(await get("shop.test", "/one/hostname.html")).toMatch(/^one-/);
    // nginx answers the bare prefix with its own first page: the path it sees is "/".
    expect((await client.get(url("shop.test", "/one"))).body).toContain('<dd id="version">one</dd>');
    const seen = await client.json<{ path: string; headers: Record<string, string> }>(
      url("shop.test", "/echo/whoami"),
    );
    expect(seen).toMatchObject({ path: "/whoami", headers: { "x-forwarded-prefix": "/echo" } });
  });

  it.each([["/onefoo/version"], ["/onefoo"], ["/version"], ["/"], ["/On/version"]])(
    "finds nothing at %s",
    async (path) => {
      expect(await get("shop.test", path)).toBe("404");
    },
  );

  it("is led by an exact path before its prefix", async () => {
    expect(await get("exact.test", "/version")).toBe("two");
    expect(await get("exact.test", "/hostname.html")).toMatch(/^one-/);
    expect((await client.get(url("exact.test", "/version/"))).headers).toMatchObject({
      "x-app-version": "one",
    });
  });

  it("is led by host", async () => {
    expect(await get("one.test", "/version")).toBe("one");
    expect(await get("uno.test", "/version")).toBe("one");
    expect(await get("any.two.test", "/version")).toBe("two");
    expect(await get("a.two.test", "/version")).toBe("one");
    expect(await get("two.test", "/version")).toBe("404");
    expect(await get("a.b.two.test", "/version")).toBe("404");
    expect(await get("unknown.test", "/version")).toBe("404");
  });

  it("is led by header, query, method and pattern", async () => {
    expect(await get("api.test", "/version")).toBe("one");
    expect(await get("api.test", "/version", { version: "2" })).toBe("two");
    expect(await get("api.test", "/version", { version: "3" })).toBe("one");
    expect(await get("api.test", "/version?version=2")).toBe("two");
    expect(await get("api.test", "/version?version=3")).toBe("one");
    expect(await client.json(url("api.test", "/whoami"), { "user-agent": "curl/8" })).toMatchObject({
      version: "echo",
    });
    expect((await client.request(url("api.test", "/whoami"), { method: "DELETE" })).headers).toMatchObject({
      allow: "GET",
    });
    expect(await get("api.test", "/v7/version")).toBe("two");
    expect(await get("api.test", "/vx/version")).toBe("404");
    expect(await get("api.test", "/x/v7/version")).toBe("404");
  });

  it("is led by where it comes from", async () => {
    expect(await get("api.test", "/near/version")).toBe("two");
    // Not the network's: the host's own app is asked for the whole path, which it does not have.
    expect(await get("api.test", "/far/version")).toBe("404");
  });

  it("is led by priority where two routes are alike", async () => {
    expect(await get("api.test", "/pinned/version")).toBe("two");
  });

  it("is led by a rule in Traefik's own language", async () => {
    expect(await get("rule.test", "/version")).toBe("one");
    expect(await get("rule.test", "/version", { version: "2" })).toBe("404");
  });

  it("is sent to https on the port it can reach", async () => {
    const plain = await client.get(url("secure.test", "/one/version?x=1"));
    expect(plain.status).toBe(301);
    expect(plain.headers["location"]).toBe(`https://secure.test:${example.ports.https}/one/version?x=1`);
    const post = await client.request(url("secure.test", "/one/version"), { method: "POST" });
    expect(post.status).toBe(308);
    expect(await get("secure.test", "/two")).toBe("404");

    const ca = await example.stack().output<string>("caCertificate");
    const secure = new Client({ address: example.address, ca });
    expect(said(await secure.get(plain.headers["location"] ?? ""))).toBe("one");
    // Another host gets another certificate, which nobody signed.
    await expect(secure.get(`https://one.test:${example.ports.https}/version`)).rejects.toThrow(
      /certificate/,
    );
    await secure.close();
  });
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});
