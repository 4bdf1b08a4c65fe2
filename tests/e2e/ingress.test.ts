import { hash } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type Answer,
  answeredBy,
  basicAuth,
  Client,
  load,
  objects,
  shownTo,
  useExample,
  waitFor,
} from "./harness/index.ts";

const example = useExample("ingress", "e2e-ingress", {
  config: { allowed: ["192.0.2.0/24"] },
  secrets: { htpasswd: `ann:${await hash("s3cret", 4)}` },
});
const { url } = example;

describe("a client of", () => {
  const client = example.client();
  const get = (host: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    client.get(url(host, path), headers);
  const ask = async (host: string, path: string, headers: Record<string, string> = {}): Promise<string> =>
    answeredBy(await get(host, path, headers));

  beforeAll(async () => {
    await waitFor(
      async () =>
        (await ask("canary-by-header.test", "/version", { version: "2" })) === "v2" &&
        (await ask("canary-by-cookie.test", "/version", { cookie: "beta=always" })) === "v2" &&
        (await get("shop.test", "/v2/version")).headers["x-step"] === "taken" &&
        (await get("secure.test", "/version")).status === 301,
      { message: "Traefik to serve the routes of both providers" },
    );
  });
  afterAll(() => client.close());

  describe("a standard Ingress", () => {
    it("finds an app under each prefix, which the app does not see", async () => {
      expect((await get("shop.test", "/v1/version")).body.trim()).toBe("v1");
      expect((await get("shop.test", "/v2/version")).body.trim()).toBe("v2");
      expect((await get("shop.test", "/v2/hostname.html")).body).toMatch(/^v2-/);
      expect(await ask("shop.test", "/v2/healthz")).toBe("v2");
      expect(await ask("shop.test", "/v2")).toBe("v2");
      // A prefix ends at a slash.
      expect(await ask("shop.test", "/v20/version")).toBe("404 echo");
    });

    it("goes through the middlewares", async () => {
      expect((await get("shop.test", "/v1/version")).headers["x-step"]).toBe("taken");
    });

    it("is led by host", async () => {
      expect(await ask("v1.test", "/version")).toBe("v1");
      expect(await ask("one.test", "/version")).toBe("v1");
      expect(await ask("any.v2.test", "/version")).toBe("v2");
      expect(await ask("v2.test", "/version")).toBe("404 echo");
    });

    it.each([
      ["/docs", "v1"],
      ["/docs/", "v1"],
      ["/docs/x", "v1"],
      ["/docsx", "echo"],
      ["/docs/index", "v2"],
      ["/docs/index/", "v1"],
      ["/docs/7", "echo"],
      ["/docs/7/x", "v1"],
    ])("is led by path type at %s", async (path, version) => {
      // None of the apps has such a page: it is the app's own 404.
      expect(await ask("paths.test", path)).toBe(`404 ${version}`);
    });

    it("finds the default backend when nothing else fits", async () => {
      const seen = await client.json<{ host: string; path: string }>(url("nobody.test", "/whoami"));
      expect(seen).toMatchObject({ path: "/whoami", host: `nobody.test:${example.ports.http}` });
    });
  });

  it.each([["secure.test"], ["ssl-redirect.test"]])(
    "%s is sent to https on the port it can reach",
    async (host) => {
      const plain = await get(host, "/version?x=1");
      expect(plain).toMatchObject({
        status: 301,
        headers: { location: `https://${host}:${example.ports.https}/version?x=1` },
      });
      const ca = await example.stack().output<string>("caCertificate");
      const secure = new Client({ address: example.address, ca });
      expect((await secure.get(plain.headers["location"] ?? "")).body.trim()).toBe("v1");
      await secure.close();
    },
  );

  it("a client chooses among the Secrets of one Ingress by SNI", async () => {
    const secrets = ["one.sni.test", "*.two.sni.test"];
    const ca = await example.stack().output<string>("caCertificate");
    const at = `${example.address}:${example.ports.https}`;
    for (const [host, name, days] of [
      ["one.sni.test", secrets[0], 90],
      ["a.two.sni.test", secrets[1], 91],
    ] as const) {
      const shown = await shownTo(at, host);
      expect(shown.subjectAltName).toBe(`DNS:${name ?? ""}`);
      expect(Math.round((Date.parse(shown.validTo) - Date.parse(shown.validFrom)) / 86_400_000)).toBe(days);
      const secure = new Client({ address: example.address, ca });
      const base = `https://${host}:${example.ports.https}`;
      expect((await secure.get(`${base}/version`)).body.trim()).toBe("v1");
      expect((await secure.get(`${base}/nginx`)).headers["server"]).toBe("uvicorn");
      await secure.close();
    }
    const [ingress] = await objects(
      "ingress",
      "sni",
      `--namespace=${await example.stack().output<string>("namespaceName")}`,
    );
    expect((ingress?.["spec"] as { tls: object[] }).tls).toEqual(
      secrets.map((host, index) => ({ hosts: [host], secretName: `sni-${index}-tls` })),
    );
  });

  describe("ingress-nginx's annotations", () => {
    it("has its path rewritten by a pattern", async () => {
      expect((await get("rewrite-target.test", "/haha/version")).body.trim()).toBe("v1");
      expect((await get("rewrite-target.test", "/haha/hostname.html")).body).toMatch(/^v1-/);
      expect((await get("rewrite-target.test", "/haha")).status).toBe(200);
      expect(await ask("rewrite-target.test", "/hahaha")).toBe("404 echo");
    });

    it("has its path alone rewritten to the target without a pattern, and answers 400 below", async () => {
      expect((await get("rewrite-root.test", "/haha")).headers["location"]).toBe("/docs");
      expect((await get("rewrite-root.test", "/haha/version")).status).toBe(400);
      expect(await ask("rewrite-root.test", "/hahaha")).toBe("404 echo");
    });

    it("has a pattern and the root in one Ingress", async () => {
      expect((await get("root-and-pattern.test", "/echo/whoami")).body).toContain('"path":"/whoami"');
      expect(await ask("root-and-pattern.test", "/")).toBe("v1");
      expect(await ask("root-and-pattern.test", "/version")).toBe("v1");
    });

    it("needs a password, over https, and is sent to the app's start page, by one Ingress", async () => {
      const plain = await get("all-in-one.test", "/");
      const base = `https://all-in-one.test:${example.ports.https}`;
      expect(plain).toMatchObject({ status: 301, headers: { location: `${base}/` } });
      const secure = example.client(await example.stack().output<string>("caCertificate"));
      const ann = basicAuth("ann", "s3cret");
      expect((await secure.get(`${base}/version`)).status).toBe(401);
      const { status, headers } = await secure.get(`${base}/`, ann);
      expect([status, new URL(headers["location"] ?? "", base).href]).toEqual([302, `${base}/hostname.html`]);
      expect((await secure.get(`${base}/hostname.html`, ann)).body).toMatch(/^v1-/);
      await secure.close();
    });

    it("is sent from the root to the app's", async () => {
      const { status, headers } = await get("app-root.test", "/");
      expect(status).toBe(302);
      expect(new URL(headers["location"] ?? "", url("app-root.test")).href).toBe(
        url("app-root.test", "/hostname.html"),
      );
      expect((await get("app-root.test", "/version")).body.trim()).toBe("v1");
    });

    it("needs a password", async () => {
      expect(await get("auth.test", "/version")).toMatchObject({
        status: 401,
        headers: { "www-authenticate": 'Basic realm="shop"' },
      });
      expect((await get("auth.test", "/version", basicAuth("ann", "wrong"))).status).toBe(401);
      const known = await get("auth.test", "/version", basicAuth("ann", "s3cret"));
      expect(known.body.trim()).toBe("v1");
    });

    it("needs to come from a listed network", async () => {
      expect((await get("whitelist.test", "/version")).status).toBe(403);
    });

    it("is led to the canary by a header", async () => {
      expect(await ask("canary-by-header.test", "/version")).toBe("v1");
      expect(await ask("canary-by-header.test", "/version", { version: "2" })).toBe("v2");
      expect(await ask("canary-by-header.test", "/version", { version: "1" })).toBe("v1");
    });

    it("is led to the canary by a cookie", async () => {
      expect(await ask("canary-by-cookie.test", "/version")).toBe("v1");
      expect(await ask("canary-by-cookie.test", "/version", { cookie: "a=b; beta=always" })).toBe("v2");
      expect(await ask("canary-by-cookie.test", "/version", { cookie: "beta=never" })).toBe("v1");
    });

    it.each([
      [{ version: "always", cookie: "beta=never" }, "v2"],
      [{ version: "never", cookie: "beta=always" }, "v1"],
      [{ version: "other", cookie: "beta=always" }, "v2"],
      [{ cookie: "beta=always" }, "v2"],
      [{ cookie: "beta=never" }, "v1"],
      [{}, "v1"],
    ])("is led by the header first, then the cookie, then the weight: %j", async (headers, version) => {
      expect(await ask("canary-by-all.test", "/version", headers)).toBe(version);
    });

    it("is led to the canary 10 times of 100", async () => {
      const { failed, answers } = await load(client, url("canary-by-weight.test", "/version"), {
        requests: 2_000,
        key: answeredBy,
      });
      expect(failed).toEqual([]);
      expect(answers["v2"]).toBeGreaterThan(150);
      expect(answers["v2"]).toBeLessThan(250);
    });
  });
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});

it("lets a network in once it is listed, and leads all to the new version once it is the main Ingress's, without a lost request", async () => {
  const client = example.client();
  const canaries = ["header", "cookie", "weight", "all"].map((by) => url(`canary-by-${by}.test`, "/version"));
  const promoted = async (): Promise<boolean> => {
    const answers = await Promise.all(
      canaries.flatMap((page) => Array.from({ length: 5 }, () => client.get(page))),
    );
    return answers.every((answer) => answeredBy(answer) === "v2");
  };
  const promotion = example
    .stack()
    .deploy({ allowed: ["0.0.0.0/0"], promoted: true })
    .then(() => waitFor(promoted, { message: "the new version alone to answer" }));
  const loads = canaries.map((page) =>
    load(client, page, { requests: 100, until: promotion, concurrency: 1, key: answeredBy }),
  );
  await promotion;
  expect((await Promise.all(loads)).flatMap(({ failed }) => failed)).toEqual([]);
  await waitFor(async () => answeredBy(await client.get(url("whitelist.test", "/version"))) === "v1", {
    message: "the new list to hold",
  });
  await client.close();
});
