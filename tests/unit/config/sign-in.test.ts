import { expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { sourceOf } from "../program/stack.ts";

type Data = Record<string, unknown>;

const signIn = {
  issuer: "https://id.example.org",
  clientId: "apps",
  clientSecret: "swordfish",
  groups: ["staff"],
};

/** The lines of the message for a sign-in and apps, without its first. */
function mistakes(
  given: Data | undefined,
  apps: Data,
  more: Data = {},
  secretKeys = ["slipway:signIn"],
): string[] {
  try {
    readConfig(
      sourceOf({ ...(given && { signIn: { ...signIn, ...given } }), apps, ...more }, { secretKeys }),
    );
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const app = { image: "x:1", signIn: true };

it("takes a sign-in for one app, for all and for those of groups", () => {
  expect(mistakes({}, { a: app, b: { ...app, signIn: { groups: ["money"] } }, c: { image: "x:1" } })).toEqual(
    [],
  );
});

it("wants the stack to say who signs users in, by https, with a secret that is secret, and who may come in", () => {
  expect(mistakes(undefined, { a: app })).toEqual([
    "apps.a.signIn: true needs the stack's signIn, which says who signs users in",
  ]);
  const wrong = { issuer: "http://id.example.org", groups: undefined, scope: "email", session: "a day" };
  expect(mistakes(wrong, { a: app }, {}, [])).toEqual([
    'signIn.issuer: "http://id.example.org" must be https: who reads along would sign in as anybody',
    'signIn.groups: must name who may come in, or emails or emailDomains do: emailDomains: ["*"] lets in everybody whom the provider knows',
    'signIn.scope: "email" must be scopes with spaces between, among them "openid"',
    'signIn.session: "a day" must be whole seconds or a duration, such as "500ms" or "1m30s"',
    "signIn.clientSecret: must be secret: pulumi config set --secret --path slipway:signIn.clientSecret",
  ]);
  expect(mistakes({ groups: ["a,b"], emails: ["ann"], emailDomains: ["@x.org"] }, { a: app })).toEqual([
    'signIn.groups[0]: "[secret]" must not be empty, nor have a comma, spaces at the ends or control characters',
    'signIn.emails[0]: "[secret]" must be an address, as ann@example.org',
    'signIn.emailDomains[0]: "[secret]" must be a domain, or * for everybody',
  ]);
  const cut = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  for (const certificates of ["none", cut]) {
    expect(mistakes({ trust: { kind: "pem", certificates } }, { a: app })).toEqual([
      'signIn.trust.certificates: "[secret]" must be certificates, PEM',
    ]);
  }
  expect(mistakes({}, { a: app }, { tls: { enabled: false } })).toEqual([
    "signIn: needs tls, which tls.enabled: false turns off",
  ]);
  expect(mistakes({}, { a: { image: "x:1" } })).toEqual([
    "signIn: is asked for by no app: set apps.<name>.signIn, or leave it out",
  ]);
});

it("wants every host below the cookies' domain, and known to the provider", () => {
  expect(mistakes({ cookieDomain: "example.org" }, { a: app })).toEqual([
    'signIn.cookieDomain: "[secret]" is not above a.test.slipway.test, a host of apps.a: browsers would keep no session for it',
  ]);
  expect(mistakes({}, { a: { ...app, host: "a.example.org" } })).toHaveLength(1);
  expect(mistakes({ cookieDomain: "example.org" }, { a: { ...app, host: "a.example.org" } })).toEqual([]);
  expect(mistakes({}, { a: { ...app, host: "*.test.slipway.test" } })).toEqual([
    "signIn: is for hosts that the provider knows, and apps.a has *.test.slipway.test",
  ]);
});

it("refuses ways around it", () => {
  const lines = (keys: Data) => mistakes({}, { a: app, b: { ...app, ...keys } });
  expect(lines({ route: false })).toEqual(["apps.b.signIn: is for a published app, and this is none"]);
  expect(lines({ workload: { kind: "job" } })).toEqual([
    "apps.b.signIn: is for what serves: a Job runs to its end, and has no Service and no route",
  ]);
  expect(lines({ nodePort: 30_999 })).toEqual([
    "apps.b.signIn: would be gone around by the exposure nodePort, which is open without it",
  ]);
  expect(lines({ exposure: { kind: "headless" } })).toEqual([]);
  expect(lines({ ports: { game: { port: 7000, protocol: "UDP" } } })).toHaveLength(1);
  expect(lines({ kind: "ingress", nginx: { "ssl-redirect": "false" } })).toContain(
    "apps.b.signIn: is a middleware, which a route with nginx has none of",
  );
  expect(lines({ priority: 1_000_000_000 })).toEqual([
    "apps.b.priority: 1000000000 must be below 1000000000, or users who sign in do not come back",
  ]);
  expect(lines({ signIn: { groups: [] } })).toEqual([
    "apps.b.signIn.groups: must name at least one group; signIn: true lets in everybody who may sign in",
  ]);
});

it("refuses names and paths that are its own", () => {
  const other = { image: "x:1" };
  expect(mistakes({}, { a: app, b: { ...other, host: "a", path: "/oauth2/x" } })).toEqual([
    'apps.b.path: "/oauth2/x" is where users sign in, on a.test.slipway.test',
  ]);
  expect(mistakes({}, { a: app, b: { ...other, host: "a", path: "/oauth22" } })).toEqual([]);
  expect(mistakes({}, { a: app, "oauth2-proxy": other })).toEqual([
    "apps.oauth2-proxy: is, or makes, the app oauth2-proxy, as signIn does: rename one",
  ]);
  const middlewares = { "sign-in": { compress: {} } };
  expect(mistakes({}, { a: { ...app, middlewares: ["sign-in"] } }, { middlewares })).toEqual([
    "apps.a.signIn: is, or makes, the Middleware sign-in, as middlewares.sign-in does: rename one",
  ]);
});
