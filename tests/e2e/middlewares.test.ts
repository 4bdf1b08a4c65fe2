import { afterAll, describe, expect, it } from "vitest";

import { useExample, waitFor } from "./harness/index.ts";

const example = useExample("middlewares", "e2e-steps");
const { url } = example;
const client = example.client();
const get = (step: string, path = "/", headers: Record<string, string> = {}) =>
  client.get(url(`${step}.test`, path), headers);

interface WhoAmI {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

afterAll(() => client.close());

describe("paths", () => {
  it.each([
    ["strip-prefix", "/a/version", "site"],
    ["strip-prefix", "/b/version", "site"],
    ["strip-prefix-regex", "/v12/version", "site"],
    ["replace-path-regex", "/haha/version", "site"],
  ])("%s: %s", async (step, path, body) => {
    expect(await get(step, path)).toMatchObject({ status: 200, body: `${body}\n` });
  });

  it("strip-prefix leaves other paths alone", async () => {
    expect((await get("strip-prefix", "/c/version")).status).toBe(404);
  });

  it("add-prefix", async () => {
    expect((await get("add-prefix", "/418")).status).toBe(418);
  });

  it("replace-path", async () => {
    expect((await get("replace-path", "/any/where")).body).toMatch(/^site-/);
  });
});

describe("redirects", () => {
  it("redirect-scheme keeps host, path and query, on the port clients reach", async () => {
    const { status, headers } = await get("redirect-scheme", "/x?y=1");
    expect([status, headers["location"]]).toEqual([
      301,
      `https://redirect-scheme.test:${example.ports.https}/x?y=1`,
    ]);
  });

  it("redirect-regex", async () => {
    const { status, headers } = await get("redirect-regex", "/old/x");
    expect([status, headers["location"]]).toEqual([302, "http://new.test/x"]);
    expect((await get("redirect-regex", "/version")).status).toBe(200);
  });
});

describe("headers", () => {
  it("make browsers strict", async () => {
    const { headers } = await get("security");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "content-security-policy": "default-src 'self'",
      "permissions-policy": "camera=(), geolocation=(), microphone=()",
    });
    expect(headers["referrer-policy"]).toContain("strict-origin-when-cross-origin");
    expect(headers).not.toHaveProperty("strict-transport-security");
  });

  it("are added for the app, taken away, and allow another origin", async () => {
    const seen = await client.json<WhoAmI>(url("headers.test", "/whoami"), { "accept-language": "de" });
    expect(seen.headers).toHaveProperty("x-added", "by traefik");
    expect(seen.headers).not.toHaveProperty("accept-language");
    const front = await get("headers", "/whoami", { origin: "https://front.test" });
    expect(front.headers).toMatchObject({ "access-control-allow-origin": "https://front.test" });
    const preflight = await client.request(url("headers.test", "/whoami"), {
      method: "OPTIONS",
      headers: { origin: "https://front.test", "access-control-request-method": "PUT" },
    });
    expect(preflight.headers).toMatchObject({
      "access-control-allow-methods": "GET,PUT",
      "access-control-max-age": "60",
    });
    const other = await get("headers", "/whoami", { origin: "https://evil.test" });
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("limits", () => {
  it("allow-list refuses an address that is not on it, and lets it in once it is", async () => {
    expect((await get("allow-list", "/version")).status).toBe(403);
    await example.stack().deploy({ allowed: ["0.0.0.0/0"] });
    await waitFor(async () => (await get("allow-list", "/version")).status === 200, {
      message: "the new list",
    });
  });

  it("rate-limit lets three requests in at once and no more", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await get("rate-limit", "/version")).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  });

  it("in-flight lets one request in at a time", async () => {
    const two = await Promise.all([get("in-flight", "/delay/1"), get("in-flight", "/delay/1")]);
    expect(two.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect((await get("in-flight", "/delay/0")).status).toBe(200);
  });

  it("buffering refuses a body that is too large", async () => {
    const post = async (length: number): Promise<number> =>
      (await client.request(url("buffering.test", "/whoami"), { method: "POST", body: "x".repeat(length) }))
        .status;
    expect(await post(64)).toBe(405);
    expect(await post(65)).toBe(413);
  });
});

describe("an app that fails", () => {
  it("is asked again by retry", async () => {
    const statuses = async (step: string): Promise<number[]> => {
      const answers = [];
      for (let n = 0; n < 8; n++) answers.push((await get(step, "/version")).status);
      return answers;
    };
    expect(new Set(await statuses("no-retry"))).toEqual(new Set([200, 503]));
    expect(new Set(await statuses("retry"))).toEqual(new Set([200]));
  });

  it("is left alone by circuit-breaker until it recovers", async () => {
    expect((await get("circuit-breaker", "/status/200")).status).toBe(200);
    await waitFor(async () => (await get("circuit-breaker", "/status/500")).status === 503, {
      message: "the circuit to open",
    });
    expect((await get("circuit-breaker", "/status/200")).status).toBe(503);
    const answers = async (): Promise<boolean> => {
      const five = await Promise.all(Array.from({ length: 5 }, () => get("circuit-breaker", "/status/200")));
      return five.every(({ status }) => status === 200);
    };
    await waitFor(answers, { message: "the circuit to close", deadline: 30_000 });
  });

  it("has its page replaced by errors, and its status kept", async () => {
    expect(await get("errors", "/status/502")).toMatchObject({ status: 502, body: "site\n" });
    expect((await get("errors", "/status/404")).body).toBe("");
  });
});

it("compress", async () => {
  const { headers } = await get("compress", "/whoami", { "accept-encoding": "gzip" });
  expect(headers).toMatchObject({ "content-encoding": "gzip" });
  expect((await get("compress", "/whoami")).headers).not.toHaveProperty("content-encoding");
});

it("a plugin whose source is the stack's own sets a header, as it is told", async () => {
  const { status, headers } = await get("plugin", "/version");
  expect([status, headers["x-greeting"]]).toEqual([200, "from a plugin"]);
});

it("chain goes in its order", async () => {
  const seen = await client.json<WhoAmI>(url("chain.test", "/whoami"));
  expect(seen.headers).toHaveProperty("x-chain", "second");
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});
