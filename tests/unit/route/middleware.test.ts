import * as pulumi from "@pulumi/pulumi";
import bcrypt from "bcryptjs";
import { describe, expect, it } from "vitest";

import { record } from "../mocks.ts";

const { Middleware } = await import("../../../components/route/index.ts");
type MiddlewareArgs = import("../../../components/route/index.ts").MiddlewareArgs;
type Definition = import("../../../components/route/index.ts").MiddlewareDefinition;

const place = {
  traefik: { ingressClass: "slipway-dev" },
  stack: { project: "slipway", stack: "dev" },
  namespace: "shop",
};
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";
const SECRET = "kubernetes:core/v1:Secret";

const make = (args: Definition & Partial<MiddlewareArgs>) =>
  record(() => new Middleware("step", { ...place, ...args }));
const spec = async (definition: Definition): Promise<unknown> =>
  (await make(definition)).one(MIDDLEWARE).inputs.spec;

describe("a Middleware", () => {
  it("is exactly this", async () => {
    const made = await make({ app: "api", labels: { tier: "web" }, compress: {} });
    expect(made.resources.map((resource) => resource.type)).toEqual([MIDDLEWARE]);
    expect(made.one(MIDDLEWARE).inputs).toEqual({
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: {
        name: "step",
        namespace: "shop",
        labels: {
          "app.kubernetes.io/name": "api",
          "app.kubernetes.io/instance": "slipway-dev",
          "app.kubernetes.io/part-of": "slipway",
          "app.kubernetes.io/managed-by": "pulumi",
          "slipway.dev/project": "slipway",
          "slipway.dev/stack": "dev",
          tier: "web",
        },
      },
      spec: { compress: {} },
    });
  });

  it.each<[Definition, object]>([
    [{ stripPrefix: { prefixes: ["/api"] } }, { stripPrefix: { prefixes: ["/api"] } }],
    [{ stripPrefixRegex: { regex: ["/v[0-9]+"] } }, { stripPrefixRegex: { regex: ["/v[0-9]+"] } }],
    [{ addPrefix: { prefix: "/app" } }, { addPrefix: { prefix: "/app" } }],
    [{ replacePath: { path: "/hostname.html" } }, { replacePath: { path: "/hostname.html" } }],
    [
      { replacePathRegex: { regex: "^/haha(/|$)(.*)", replacement: "/$2" } },
      { replacePathRegex: { regex: "^/haha(/|$)(.*)", replacement: "/$2" } },
    ],
    [
      { redirectScheme: { port: 31_971, permanent: true } },
      { redirectScheme: { scheme: "https", port: "31971", permanent: true } },
    ],
    [{ redirectScheme: { port: "443" } }, { redirectScheme: { scheme: "https" } }],
    [
      { redirectRegex: { regex: "^https?://www\\.(.+)", replacement: "https://${1}", permanent: true } },
      { redirectRegex: { regex: "^https?://www\\.(.+)", replacement: "https://${1}", permanent: true } },
    ],
    [
      { headers: { security: true, frameDeny: false, customResponseHeaders: { server: "" } } },
      {
        headers: {
          stsSeconds: 31_536_000,
          contentTypeNosniff: true,
          frameDeny: false,
          referrerPolicy: "strict-origin-when-cross-origin",
          permissionsPolicy: "camera=(), geolocation=(), microphone=()",
          customResponseHeaders: { server: "" },
        },
      },
    ],
    [
      { basicAuth: { secretName: "users", realm: "shop", headerField: "X-User" } },
      { basicAuth: { secret: "users", realm: "shop", removeHeader: true, headerField: "X-User" } },
    ],
    [
      { forwardAuth: { address: "http://auth.shop.svc/verify", authResponseHeaders: ["X-User"] } },
      { forwardAuth: { address: "http://auth.shop.svc/verify", authResponseHeaders: ["X-User"] } },
    ],
    [
      { ipAllowList: { sourceRange: ["10.0.0.0/8", "192.0.2.1"], ipStrategy: { depth: 1 } } },
      { ipAllowList: { sourceRange: ["10.0.0.0/8", "192.0.2.1"], ipStrategy: { depth: 1 } } },
    ],
    [
      { rateLimit: { average: 10, period: "1m", burst: 5, sourceCriterion: { requestHeaderName: "X-Key" } } },
      { rateLimit: { average: 10, period: "1m", burst: 5, sourceCriterion: { requestHeaderName: "X-Key" } } },
    ],
    [{ inFlightReq: { amount: 2 } }, { inFlightReq: { amount: 2 } }],
    [
      { retry: { attempts: 3, initialInterval: "100ms", status: ["503"] } },
      { retry: { attempts: 3, initialInterval: "100ms", status: ["503"] } },
    ],
    [
      {
        circuitBreaker: {
          expression: "ResponseCodeRatio(500, 600, 0, 600) > 0.3 || LatencyAtQuantileMS(50.0) > 100",
        },
      },
      {
        circuitBreaker: {
          expression: "ResponseCodeRatio(500, 600, 0, 600) > 0.3 || LatencyAtQuantileMS(50.0) > 100",
        },
      },
    ],
    [{ buffering: { maxRequestBodyBytes: 1024 } }, { buffering: { maxRequestBodyBytes: 1024 } }],
    [
      {
        errors: { status: ["404", "500-599"], service: { name: "pages", port: 80 }, query: "/{status}.html" },
      },
      {
        errors: {
          status: ["404", "500-599"],
          service: { name: "pages", kind: "Service", port: 80 },
          query: "/{status}.html",
        },
      },
    ],
    [
      { chain: { middlewares: [{ name: "a" }, { name: "b", namespace: "other" }] } },
      { chain: { middlewares: [{ name: "a" }, { name: "b", namespace: "other" }] } },
    ],
  ])("%o", async (definition, expected) => {
    expect(await spec(definition)).toEqual(expected);
  });
});

describe("passwords", () => {
  const content = (made: Awaited<ReturnType<typeof make>>): string => {
    const { data } = made.one(SECRET).inputs as { data: { users: string } };
    return Buffer.from(data.users, "base64").toString();
  };

  it("become bcrypt hashes in a Secret that the middleware waits for", async () => {
    const made = await make({ basicAuth: { users: pulumi.secret({ ann: "s3cret", bob: "other" }) } });
    expect(made.one(SECRET)).toMatchObject({
      inputs: { metadata: { name: "step-users", namespace: "shop" }, type: "Opaque" },
      secrets: ["data"],
    });
    expect(made.one(MIDDLEWARE).inputs.spec).toEqual({
      basicAuth: { secret: "step-users", removeHeader: true },
    });
    expect(made.one(MIDDLEWARE).dependsOn).toContain("step-users");
    const [ann = "", bob = ""] = content(made).split("\n");
    expect(ann).toMatch(/^ann:\$2b\$10\$/);
    expect(bcrypt.compareSync("s3cret", ann.slice("ann:".length))).toBe(true);
    expect(bcrypt.compareSync("s3cret", bob.slice("bob:".length))).toBe(false);
  });

  it("are hashed alike on every run, but differently for every user, stack and middleware", async () => {
    const users = { ann: "same", bob: "same" };
    const first = content(await make({ basicAuth: { users } }));
    expect(content(await make({ basicAuth: { users } }))).toBe(first);
    const hashes = first.split("\n").flatMap((line) => (line === "" ? [] : [line.split(":")[1]]));
    expect(new Set(hashes).size).toBe(2);
    const prod = { project: "slipway", stack: "prod" };
    expect(content(await make({ basicAuth: { users }, stack: prod }))).not.toBe(first);
    expect(content(await make({ basicAuth: { users }, objectName: "door" }))).not.toBe(first);
  });

  it("never reach the state in plain", async () => {
    const made = await make({ basicAuth: { users: { ann: "s3cret" } } });
    for (const { inputs, secrets } of made.resources) {
      const open = Object.entries(inputs).filter(([key]) => !secrets.some((path) => path.startsWith(key)));
      expect(JSON.stringify(open)).not.toContain("s3cret");
    }
  });

  it("may come hashed", async () => {
    const hash = bcrypt.hashSync("x", 4);
    expect(content(await make({ basicAuth: { users: { ann: hash } } }))).toBe(`ann:${hash}\n`);
    const file = `ann:${hash}\nbob:$apr1$salt$hash\n`;
    expect(content(await make({ basicAuth: { htpasswd: file } }))).toBe(file);
  });

  it("are of any length for htdigest, which does not use bcrypt", async () => {
    const made = await make({ digestAuth: { users: { ann: "x".repeat(73) } } });
    expect(made.one(SECRET).inputs["data"]).toHaveProperty("users");
  });

  it("become htdigest lines of their realm", async () => {
    const made = await make({
      digestAuth: { users: { Mufasa: "Circle of Life" }, realm: "http-auth@example.org" },
    });
    // The values of RFC 7616, section 3.9.1.
    expect(content(made)).toBe("Mufasa:http-auth@example.org:3d78807defe7de2157e2b0b6573a855f\n");
    expect(made.one(MIDDLEWARE).inputs.spec).toEqual({
      digestAuth: { secret: "step-users", realm: "http-auth@example.org", removeHeader: true },
    });
  });
});

describe("what is wrong is said", () => {
  const message = async (definition: object): Promise<string> => {
    const error = await make(definition).then(
      () => new Error("nothing"),
      (reason: unknown) => reason as Error,
    );
    return error.message.replace(/^middleware( step)?:\n {2}/, "");
  };
  const dropped = "must hold at least one user: Traefik drops a route that nobody may use";

  it.each<[string, object, string]>([
    ["no kind", {}, "kind: must be one kind of: addPrefix, stripPrefix,"],
    [
      "two kinds",
      { compress: {}, addPrefix: { prefix: "/a" } },
      'kind: ["compress","addPrefix"] must be one kind of:',
    ],
    ["yesterday's name", { ipWhiteList: {} }, 'kind: "ipWhiteList" is called ipAllowList today'],
    ["an unknown kind", { constructor: {} }, 'kind: "constructor" must be one of: addPrefix,'],
    ["no users", { basicAuth: { users: {} } }, `basicAuth.users: ${dropped}`],
    ["an empty file", { basicAuth: { htpasswd: "" } }, "basicAuth.htpasswd: must hold a line name:hash"],
    [
      "two sources",
      { basicAuth: { users: { a: "b" }, secretName: "c" } },
      "basicAuth: needs exactly one of users, htpasswd, secretName",
    ],
    ["no source", { digestAuth: {} }, "digestAuth: needs exactly one of users, htdigest, secretName"],
    [
      "a prefix without slash",
      { stripPrefix: { prefixes: ["api"] } },
      'stripPrefix.prefixes[0]: "api" must begin with "/"',
    ],
    [
      "a broken expression",
      { replacePathRegex: { regex: "(", replacement: "/" } },
      'replacePathRegex.regex: "(" must be a regular expression',
    ],
    [
      "an expression of another language",
      { redirectRegex: { regex: "(?!x)", replacement: "/" } },
      'redirectRegex.regex: "(?!x)" must not look ahead or behind',
    ],
    [
      "a port too high",
      { redirectScheme: { port: 70_000 } },
      "redirectScheme.port: 70000 must be from 1 to 65535",
    ],
    ["no header", { headers: {} }, "headers: {} must set at least one header"],
    [
      "credentials for anyone",
      { headers: { accessControlAllowOriginList: ["*"], accessControlAllowCredentials: true } },
      'headers.accessControlAllowOriginList: "*" must name the origins that may send credentials',
    ],
    [
      "a service's name for a URL",
      { forwardAuth: { address: "auth" } },
      'forwardAuth.address: "auth" must be a URL with http or https',
    ],
    [
      "an address that is none",
      { ipAllowList: { sourceRange: ["10.0.0/8"] } },
      'ipAllowList.sourceRange[0]: "10.0.0/8" must be an address or a network in CIDR notation',
    ],
    [
      "an empty list",
      { ipAllowList: { sourceRange: [] } },
      "ipAllowList.sourceRange: must hold at least one address or CIDR",
    ],
    ["no rate", { rateLimit: { average: 0 } }, "rateLimit.average: 0 must be a whole number of at least 1"],
    [
      "a wrong duration",
      { rateLimit: { average: 1, period: "soon" } },
      'rateLimit.period: "soon" must be whole seconds or a duration',
    ],
    [
      "two criteria",
      { inFlightReq: { amount: 1, sourceCriterion: { requestHost: true, requestHeaderName: "x" } } },
      'inFlightReq.sourceCriterion: {"requestHost":true,"requestHeaderName":"x"} must be one of',
    ],
    ["one attempt", { retry: { attempts: 1 } }, "retry.attempts: 1 must be at least 2: the first try counts"],
    [
      "an unknown measure",
      { circuitBreaker: { expression: "ErrorRatio() > 1" } },
      'circuitBreaker.expression: "ErrorRatio() > 1" must compare NetworkErrorRatio()',
    ],
    [
      "a status that is none",
      { errors: { status: ["5xx"], service: { name: "p", port: 80 }, query: "/" } },
      'errors.status[0]: "5xx" must be a code or a range',
    ],
    [
      "an empty chain",
      { chain: { middlewares: [] } },
      "chain.middlewares: must hold at least one middleware",
    ],
  ])("%s", async (_name, definition, expected) => {
    expect(await message(definition)).toContain(expected);
  });

  it.each<[string, object, string]>([
    ["nobody, known late", {}, dropped],
    ["an empty password", { ann: "" }, "basicAuth.users.ann: must not be empty"],
    [
      "a name with a colon",
      { "a:b": "x" },
      'basicAuth.users: "a:b" must be a name without colons and spaces',
    ],
    [
      "a password longer than bcrypt reads",
      { ann: "x".repeat(73) },
      "basicAuth.users.ann: must be at most 72 bytes",
    ],
  ])("%s", async (_name, users, expected) => {
    const { htpasswd } = await import("../../../components/route/middlewares/users.ts");
    expect(() => htpasswd(users as Record<string, string>, [])).toThrow(expected);
  });
});
