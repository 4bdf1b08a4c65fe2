import { randomBytes } from "node:crypto";

import type { Page, Response } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { browse, conflicts, NODE_PORTS, OpenIdProvider, TestStack } from "../harness/index.ts";
import { beside, published, type Published } from "./program.ts";

const NAME = "e2e-sign-in";
const hostOf = (app: string): string => `${app}.${NAME}.slipway.test`;
const urlOf = (app: string, path: string): string =>
  `https://${hostOf(app)}:${NODE_PORTS[NAME].https}${path}`;
const clientSecret = randomBytes(24).toString("hex");

let provider: OpenIdProvider;
let stack: TestStack;
let at: Published;

beforeAll(async () => {
  provider = await OpenIdProvider.start({
    clientId: "apps",
    clientSecret,
    redirectUris: ["notes", "ledger"].map((app) => urlOf(app, "/oauth2/callback")),
    people: { ann: { groups: ["staff", "money"] }, bob: { groups: ["staff"] }, eve: { groups: ["guests"] } },
  });
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      ...beside(NAME),
      signIn: {
        issuer: provider.issuer,
        clientId: "apps",
        groups: ["staff"],
        trust: { kind: "pem", certificates: provider.ca },
      },
      apps: {
        notes: { image: "fastapi", signIn: true },
        ledger: { image: "fastapi", signIn: { groups: ["money"] }, namespace: "money" },
        hello: {},
        api: undefined,
        guide: undefined,
        portal: undefined,
      },
    },
    secrets: { "signIn.clientSecret": clientSecret },
  });
  await stack.up();
  at = await published(stack);
});

afterAll(async () => {
  await stack.remove();
  await provider.stop();
});

/** Tells the provider who one is. */
async function logIn(page: Page, name: string): Promise<void> {
  await page.fill("input[name=login]", name);
  await page.fill("input[name=password]", "any");
  await page.click("button[type=submit]");
}

/** Signs in at the provider, which then asks whether the client may know who it is. */
async function signIn(page: Page, name: string): Promise<void> {
  await logIn(page, name);
  await page.click("button[type=submit]");
}

/** What a page was answered with, whole: where it is not as expected, the body says why. */
const answered = async (response: Response | null): Promise<object> => ({
  status: response?.status(),
  body: await response?.text(),
});

/** The answer to who may not see an app. */
const REFUSED = { status: 403, body: expect.not.stringContaining("hostname") as string };

interface Seen {
  readonly headers: Readonly<Record<string, string>>;
}

/** What the app says that it was asked. */
const seen = async (page: Page): Promise<Seen> => JSON.parse(await page.innerText("body")) as Seen;

it("keeps an outsider out: a browser is sent to the provider, a script gets 401, whatever they claim to be", async () => {
  const claims = { "x-auth-request-user": "ann", "x-auth-request-email": "ann@example.org" };
  for (const app of ["notes", "ledger"]) {
    for (const headers of [{}, claims]) {
      const { status, headers: answer, body } = await at.client.get(urlOf(app, "/whoami"), headers);
      expect(status).toBe(302);
      expect(answer["location"]).toMatch(`${provider.issuer}/auth?`);
      expect(body).not.toContain("hostname");
    }
    const script = await at.client.get(urlOf(app, "/whoami"), { ...claims, accept: "application/json" });
    expect(script).toMatchObject({ status: 401, body: "{}" });
  }
  const forged = { cookie: `__Secure-slipway-${NAME}=forged` };
  expect((await at.client.get(urlOf("notes", "/whoami"), forged)).status).toBe(302);
  expect((await at.client.get(urlOf("hello", "/whoami"))).status).toBe(200);
});

it("tells the app who signed in, and lets no client write those headers", async () => {
  const cookies = await browse(at.endpoint.address, "desktop", async (page) => {
    await page.goto(urlOf("notes", "/whoami?deep=link"));
    await signIn(page, "ann");
    await page.waitForURL(urlOf("notes", "/whoami?deep=link"));
    expect((await seen(page)).headers).toMatchObject({
      "x-auth-request-user": "ann",
      "x-auth-request-email": "ann@example.org",
      "x-auth-request-groups": "staff,money",
    });
    // Of another namespace, and of another host below the domain: nobody is asked again.
    await page.goto(urlOf("ledger", "/whoami"));
    expect((await seen(page)).headers).toHaveProperty("x-auth-request-user", "ann");
    return page.context().cookies();
  });
  const session = cookies.filter(({ name }) => name.startsWith("__Secure-slipway-"));
  expect(session).toEqual(
    session.map(
      () =>
        expect.objectContaining({ domain: `.${NAME}.slipway.test`, secure: true, httpOnly: true }) as unknown,
    ),
  );
  const cookie = session.map(({ name, value }) => `${name}=${value}`).join("; ");
  const { headers } = await at.client.json<Seen>(urlOf("notes", "/whoami"), {
    cookie,
    "x-auth-request-user": "root",
    "X-AUTH-REQUEST-EMAIL": "root@example.org",
    "x-auth-request-groups": "root",
    "x-auth-request-preferred-username": "root",
    x_auth_request_user: "root",
    "x-auth_request-user": "root",
  });
  const told = Object.entries(headers).filter(([name]) => /auth.request/.test(name));
  expect(Object.fromEntries(told)).toMatchObject({ "x-auth-request-user": "ann" });
  expect(told.map(([, value]) => value)).not.toContain("root");

  // The provider's own sign-out is the only place outside the stack that it sends anybody to.
  const signOut = async (next: string) =>
    (await at.client.get(urlOf("notes", `/oauth2/sign_out?rd=${encodeURIComponent(next)}`), { cookie }))
      .headers;
  const end = `${provider.issuer}/session/end`;
  const ended = await signOut(end);
  expect(ended["location"]).toBe(end);
  expect(ended["set-cookie"]).toMatch(/^__Secure-slipway-e2e-sign-in=; /);
  expect((await signOut("https://elsewhere.example/")).location).toBe("/");
});

it("signs in from either of two tabs that were sent to the provider at the same time", async () => {
  await browse(at.endpoint.address, "desktop", async (first) => {
    const second = await first.context().newPage();
    await first.goto(urlOf("notes", "/whoami?tab=1"));
    await second.goto(urlOf("notes", "/whoami?tab=2"));
    await signIn(first, "ann");
    await first.waitForURL(urlOf("notes", "/whoami?tab=1"));
    // Whether the client may know is asked once.
    await logIn(second, "ann");
    await second.waitForURL(urlOf("notes", "/whoami?tab=2"));
    for (const page of [first, second])
      expect((await seen(page)).headers).toHaveProperty("x-auth-request-user", "ann");
  });
});

it("keeps from an app who is in none of its groups, and from all who is in none of the stack's", async () => {
  await browse(at.endpoint.address, "desktop", async (page) => {
    await page.goto(urlOf("notes", "/whoami"));
    await signIn(page, "bob");
    await page.waitForURL(urlOf("notes", "/whoami"));
    const refused = await page.goto(urlOf("ledger", "/whoami"));
    expect(await answered(refused)).toEqual(REFUSED);
  });
  await browse(at.endpoint.address, "desktop", async (page) => {
    await page.goto(urlOf("notes", "/whoami"));
    const callback = page.waitForResponse((response) => response.url().includes("/oauth2/callback"));
    await signIn(page, "eve");
    expect(await answered(await callback)).toEqual(REFUSED);
    // Another page that is asked for before this one is there would be interrupted by it.
    await page.waitForURL(/\/oauth2\/callback/);
    const refused = await page.goto(urlOf("notes", "/whoami"));
    expect(await answered(refused)).toEqual(REFUSED);
  });
});

it("previews empty, tells the provider's redirect URIs, and shows the client's secret nowhere", async () => {
  expect(await stack.changes()).toEqual([]);
  expect(await conflicts(stack)).toEqual([]);
  expect(await stack.output<string>("readme")).toContain(urlOf("ledger", "/oauth2/callback"));
  expect(stack.log).not.toContain(clientSecret);
  expect(await stack.exported()).not.toContain(clientSecret);
});
