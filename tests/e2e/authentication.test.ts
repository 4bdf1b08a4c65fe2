import { createHash } from "node:crypto";

import { afterAll, expect, it } from "vitest";

import { basicAuth, useExample, waitFor } from "./harness/index.ts";

const password = "correct horse battery";
const example = useExample("authentication", "e2e-login", {
  secrets: {
    "users.ann": password,
    // What `htpasswd -nbB bob secret` printed.
    htpasswd: "bob:$2y$05$ctIgwrIITrTQ4fURJtifsenaetHrvBwxF6pHLnpsGxbGKA.s3y/k2",
  },
});
const { url } = example;
const client = example.client();

const status = async (host: string, headers: Record<string, string> = {}): Promise<number> =>
  (await client.get(url(host, "/whoami"), headers)).status;

afterAll(() => client.close());

it("asks for a password, and tells the app who it is and not the password", async () => {
  const asked = await client.get(url("basic.test", "/whoami"));
  expect(asked.status).toBe(401);
  expect(asked.headers["www-authenticate"]).toBe('Basic realm="shop"');
  expect(await status("basic.test", basicAuth("ann", "wrong"))).toBe(401);
  expect(await status("basic.test", basicAuth("bob", password))).toBe(401);
  const seen = await client.json<{ headers: object }>(
    url("basic.test", "/whoami"),
    basicAuth("ann", password),
  );
  expect(seen.headers).toHaveProperty("x-user", "ann");
  expect(seen.headers).not.toHaveProperty("authorization");
});

it("takes a file that htpasswd made", async () => {
  expect(await status("htpasswd.test", basicAuth("bob", "wrong"))).toBe(401);
  expect(await status("htpasswd.test", basicAuth("bob", "secret"))).toBe(200);
});

it("asks by digest", async () => {
  const challenge = (await client.get(url("digest.test", "/whoami"))).headers["www-authenticate"] ?? "";
  const given = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  const answer = (secret: string): Record<string, string> => {
    const [nonce, opaque, cnonce, nc] = [given("nonce"), given("opaque"), "c1", "00000001"];
    const a1 = md5(`ann:shop:${secret}`);
    const response = md5([a1, nonce, nc, cnonce, "auth", md5("GET:/whoami")].join(":"));
    return {
      authorization: `Digest username="ann", realm="shop", nonce="${nonce}", uri="/whoami", qop=auth, nc=${nc}, cnonce="${cnonce}", response="${response}", opaque="${opaque}", algorithm=MD5`,
    };
  };
  expect(challenge).toMatch(/^Digest realm="shop"/);
  expect(await status("digest.test", answer("wrong"))).toBe(401);
  expect(await status("digest.test", answer(password))).toBe(200);
});

it("asks another service", async () => {
  expect(await status("welcome.test")).toBe(200);
  expect(await status("refused.test")).toBe(403);
});

it("shows the password nowhere, and previews empty although bcrypt is salted", async () => {
  expect(await example.stack().changes()).toEqual([]);
  expect(example.stack().log).not.toContain(password);
  expect(await example.stack().exported()).not.toContain(password);
});

it("lets an old password in no longer", async () => {
  await example.stack().setSecret("users.ann", "another");
  await example.stack().up();
  await waitFor(async () => (await status("basic.test", basicAuth("ann", "another"))) === 200, {
    message: "the new password",
  });
  expect(await status("basic.test", basicAuth("ann", password))).toBe(401);
});
