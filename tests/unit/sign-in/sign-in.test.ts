import { expect, it } from "vitest";

import { type Recorded, resolved } from "../mocks.ts";
import { run } from "../program/stack.ts";

const signIn = {
  issuer: "https://id.example.org",
  clientId: "apps",
  clientSecret: "swordfish",
  emailDomains: ["example.org"],
};
const app = { image: "x:1", signIn: true };
const apps = {
  notes: { ...app, middlewares: ["compressed"] },
  ledger: { ...app, signIn: { groups: ["money", "board"] }, namespace: "money" },
  open: { image: "x:1" },
};
const deploy = (more: object = {}, given: object = apps) =>
  run(
    "dev",
    {
      signIn: { ...signIn, ...more },
      middlewares: { compressed: { compress: {} } },
      apps: given,
    },
    { secretKeys: ["signIn"] },
  );

const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

const container = ({ inputs }: Recorded): Container | undefined =>
  (inputs as { spec: { template: { spec: { containers: Container[] } } } }).spec.template.spec.containers[0];

const proxy = (made: Awaited<ReturnType<typeof deploy>>) =>
  container(made.one("kubernetes:apps/v1:Deployment", "oauth2-proxy"));

const variables = (made: Awaited<ReturnType<typeof deploy>>): Record<string, unknown> =>
  Object.fromEntries(
    (proxy(made)?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );

it("runs oauth2-proxy for the hosts of the apps that ask for it", async () => {
  const made = await deploy();
  expect(proxy(made)?.image).toBe("quay.io/oauth2-proxy/oauth2-proxy:v7.15.6");
  expect(variables(made)).toEqual({
    OAUTH2_PROXY_PROVIDER: "oidc",
    OAUTH2_PROXY_OIDC_ISSUER_URL: "https://id.example.org",
    OAUTH2_PROXY_CLIENT_ID: "apps",
    OAUTH2_PROXY_CLIENT_SECRET: {
      secretKeyRef: { name: "oauth2-proxy-env", key: "OAUTH2_PROXY_CLIENT_SECRET" },
    },
    OAUTH2_PROXY_COOKIE_SECRET: {
      secretKeyRef: { name: "oauth2-proxy-env", key: "OAUTH2_PROXY_COOKIE_SECRET" },
    },
    OAUTH2_PROXY_SCOPE: "openid email profile groups",
    OAUTH2_PROXY_OIDC_GROUPS_CLAIM: "groups",
    OAUTH2_PROXY_OIDC_EMAIL_CLAIM: "email",
    OAUTH2_PROXY_CODE_CHALLENGE_METHOD: "S256",
    OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE: "false",
    OAUTH2_PROXY_EMAIL_DOMAINS: "example.org",
    OAUTH2_PROXY_COOKIE_NAME: "__Secure-slipway-test",
    OAUTH2_PROXY_COOKIE_DOMAINS: "test.slipway.test",
    OAUTH2_PROXY_COOKIE_EXPIRE: "12h",
    OAUTH2_PROXY_COOKIE_CSRF_PER_REQUEST: "true",
    OAUTH2_PROXY_COOKIE_CSRF_PER_REQUEST_LIMIT: "5",
    OAUTH2_PROXY_COOKIE_SAMESITE: "lax",
    OAUTH2_PROXY_WHITELIST_DOMAINS: "notes.test.slipway.test:*,ledger.test.slipway.test:*,id.example.org",
    OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:4180",
    OAUTH2_PROXY_PROXY_PREFIX: "/oauth2",
    OAUTH2_PROXY_REVERSE_PROXY: "true",
    OAUTH2_PROXY_UPSTREAMS: "static://202",
    OAUTH2_PROXY_SET_XAUTHREQUEST: "true",
    OAUTH2_PROXY_SKIP_PROVIDER_BUTTON: "true",
    OAUTH2_PROXY_REQUEST_LOGGING: "false",
  });
  const secret = made.one("kubernetes:core/v1:Secret", "oauth2-proxy-env");
  expect(secret.secrets).toEqual(["data"]);
  expect(made.one("random:index/randomPassword:RandomPassword").inputs).toMatchObject({ length: 32 });
});

it("leads /oauth2 of these hosts there, before any route of an app", async () => {
  const made = await deploy();
  const services = [{ kind: "Service", name: "oauth2-proxy", port: 80 }];
  const rule = (host: string) =>
    expect.objectContaining({
      match: `Host(\`${host}.test.slipway.test\`) && (Path(\`/oauth2\`) || PathPrefix(\`/oauth2/\`))`,
      priority: 1_000_000_000,
      services,
    }) as unknown;
  expect(made.one(ROUTE, "oauth2-proxy-route").inputs).toMatchObject({
    metadata: { namespace: "slipway-test" },
    spec: { entryPoints: ["websecure"], routes: [rule("notes"), rule("ledger")] },
  });
});

it("has requests ask it first, in the app's own namespace, and takes from them what clients say of themselves", async () => {
  const made = await deploy();
  const middlewares = (name: string) =>
    (made.one(ROUTE, `${name}-route`).inputs as { spec: { routes: { middlewares?: { name: string }[] }[] } })
      .spec.routes[0]?.middlewares;
  expect(middlewares("notes")).toEqual([{ name: "sign-in" }, { name: "compressed" }]);
  expect(middlewares("ledger")).toEqual([{ name: "sign-in-e03f51f5" }]);
  expect(middlewares("open")).toBeUndefined();
  const asks = (made: { inputs: object }, namespace: string, address: string) => {
    expect(made.inputs).toMatchObject({
      metadata: { namespace },
      spec: {
        forwardAuth: {
          address,
          trustForwardHeader: false,
          authResponseHeadersRegex: "(?i)^x[-_]auth[-_]request[-_]",
        },
      },
    });
  };
  const [all, money] = made.all(MIDDLEWARE).filter(({ name }) => name.includes("sign-in"));
  asks(all as Recorded, "slipway-test", "http://oauth2-proxy.slipway-test.svc/");
  asks(
    money as Recorded,
    "slipway-test-money",
    "http://oauth2-proxy.slipway-test.svc/?allowed_groups=money%2Cboard",
  );
});

it("asks for groups only where somebody asks for them", async () => {
  const made = await deploy({}, { notes: app });
  expect(variables(made)).toMatchObject({ OAUTH2_PROXY_SCOPE: "openid email profile" });
  expect(
    variables(await deploy({ groups: ["a", "b"], emailDomains: undefined }, { notes: app })),
  ).toMatchObject({
    OAUTH2_PROXY_SCOPE: "openid email profile groups",
    OAUTH2_PROXY_ALLOWED_GROUPS: "a,b",
    OAUTH2_PROXY_EMAIL_DOMAINS: "*",
  });
});

it("hands over addresses and the provider's authority as files, and lets in nobody else", async () => {
  const made = await deploy({
    emails: ["ann@example.org", "bob@example.org"],
    emailDomains: undefined,
    trust: { kind: "authority" },
    session: 3600,
  });
  expect(variables(made)).toMatchObject({
    OAUTH2_PROXY_AUTHENTICATED_EMAILS_FILE: "/etc/oauth2-proxy/emails",
    OAUTH2_PROXY_PROVIDER_CA_FILES: "/etc/oauth2-proxy/provider-ca.crt",
    OAUTH2_PROXY_COOKIE_EXPIRE: "3600s",
  });
  expect(variables(made)).not.toHaveProperty("OAUTH2_PROXY_EMAIL_DOMAINS");
  expect(made.one("kubernetes:core/v1:ConfigMap", "oauth2-proxy-files").inputs).toMatchObject({
    data: {
      emails: "ann@example.org\nbob@example.org\n",
      "provider-ca.crt": "certificate of authority-certificate",
    },
  });
});

it("tells what the provider has to know, and makes nothing where no app asks", async () => {
  const { value } = await deploy();
  expect(await resolved(value.readme)).toContain(
    "- `https://ledger.test.slipway.test:31971/oauth2/callback`",
  );
  const made = await run("dev");
  expect(made.resources.filter(({ name }) => /oauth2|sign-in/.test(name))).toEqual([]);
});
