import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { middlewareSpec } from "../../../components/route/middlewares/index.ts";
import { readConfig } from "../../../program/config.ts";
import { schema } from "../../../program/config/schema.ts";
import { root, sourceOf } from "../program/stack.ts";

type Data = Record<string, unknown>;

/** The lines of the message for a configuration, without its first. */
function mistakes(config: Data, more: Parameters<typeof sourceOf>[1] = {}): string[] {
  try {
    readConfig(sourceOf(config, more));
  } catch (error) {
    const [subject, ...lines] = (error as Error).message.split("\n");
    expect(subject).toBe(`configuration of stack ${more.stack ?? "test"}:`);
    return lines.map((line) => line.trim());
  }
  return [];
}

const app = (keys: Data): Data => ({ apps: { a: { image: "x:1", ...keys } } });

it("has a default for everything", () => {
  expect(readConfig(sourceOf({}))).toMatchObject({
    stack: { project: "slipway", stack: "test" },
    domain: "test.slipway.test",
    apps: [],
    tls: {
      authority: {
        validityDays: 3650,
        key: { algorithm: "ECDSA" },
        subject: { commonName: "slipway test CA" },
      },
      certificates: { validityDays: 365 },
    },
  });
});

it("takes the defaults that Pulumi.yaml declares for nothing", () => {
  const { config } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { default: unknown }>;
  };
  const defaults = Object.fromEntries(
    Object.entries(config).map(([key, declared]) => [key, declared.default]),
  );
  expect(readConfig(sourceOf(defaults))).toEqual(readConfig(sourceOf({})));
});

it("declares in Pulumi.yaml what the schema knows, in the same words", () => {
  const { config } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { config: Data };
  const known = Object.entries(schema.properties ?? {}).map(([key, { type, description }]) => {
    const text = type === "string" || type === "boolean";
    return [key, { type: text ? "string" : "object", default: text ? "" : {}, description }] as const;
  });
  expect(config).toEqual(Object.fromEntries(known));
});

it("reports every mistake at once, wherever it is", () => {
  const lines = mistakes({
    domain: "Not_A_Domain",
    colour: "blue",
    traefik: { service: { type: "nodePort" }, web: { nodePort: 80 } },
    tls: { keySize: 1024 },
    apps: { a: { replica: 3 }, b: { image: "x:1", path: "b" } },
  });
  expect(lines).toEqual([
    'domain: "Not_A_Domain" must be a domain in lower case, as in dev.example.org',
    'traefik.service.type: "nodePort" must be "ClusterIP" or "NodePort" or "LoadBalancer"; did you mean "NodePort"?',
    "traefik.web.nodePort: 80 must be from 30000 to 32767",
    "tls.keySize: 1024 must be 2048 or 3072 or 4096",
    "apps.a.image: is required: a string",
    "apps.a.replica: 3 is not known; did you mean replicas?",
    'apps.b.path: "b" must begin with "/" and have no space, "?" or "#"',
    'colour: "blue" is not known; known here: domain, expires, protect, registry, registryAuth, cluster, quota, platform, endpoint, traefik, tls, monitoring, tracing, signIn, middlewares, apps',
  ]);
});

describe("refuses", () => {
  const cases: [string, Data, string][] = [
    ["an empty unknown key", { aps: {} }, "aps: {} is not known; did you mean apps?"],
    [
      "what is no date",
      { expires: "31.1.2027" },
      'expires: "31.1.2027" must be a date, as in 2027-01-31, or never',
    ],
    [
      "a day that no month has",
      { expires: "2027-02-31" },
      'expires: "2027-02-31" must be a date, as in 2027-01-31, or never',
    ],
    [
      "a day that has passed",
      { expires: "2020-01-31" },
      'expires: "2020-01-31" has passed: slipway extend 7d gives the stack another week',
    ],
    [
      "a key that JavaScript has",
      app({ constructor: 1 }),
      "apps.a.constructor: 1 is not known; known here: ",
    ],
    [
      "a URL as registry",
      { registry: "https://r.example" },
      'registry: "https://r.example" must be host[:port][/prefix], without a scheme',
    ],
    ["text where keys belong", { apps: "none" }, 'apps: "none" must be a map of names'],
    ["a list of apps", { apps: [] }, "apps: [] must be a map of names"],
    [
      "a name that is none",
      { apps: { "My App": { image: "x:1" } } },
      'apps.My App: "My App" must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends',
    ],
    ["text for a number", app({ replicas: "three" }), 'apps.a.replicas: "three" must be a number'],
    ["half a pod", app({ replicas: 1.5 }), "apps.a.replicas: 1.5 must be a whole number from 0"],
    [
      "a namespace that is none",
      app({ namespace: "My Team" }),
      'apps.a.namespace: "My Team" must be a DNS label: ',
    ],
    [
      "no network for the dashboard",
      { traefik: { dashboard: { host: "t", users: { a: "b" }, allow: ["10.0.0.0"] } } },
      'traefik.dashboard.allow[0]: "10.0.0.0" must be a network in CIDR notation',
    ],
    ["an empty text in a list", { traefik: { crdFiles: [""] } }, 'traefik.crdFiles[0]: "" must not be empty'],
    ["an empty password", app({ secretEnv: { A: "" } }), 'apps.a.secretEnv.A: "" must not be empty'],
    [
      "a wrong quantity",
      app({ resources: { limits: { cpu: "1 core" } } }),
      'apps.a.resources.limits.cpu: "1 core" must be a quantity, as in "250m" or "64Mi"',
    ],
    [
      "requests above limits",
      app({ resources: { requests: { memory: "1Gi" }, limits: { memory: "1Mi" } } }),
      'apps.a.resources.requests.memory: "1Gi" must not exceed the limit, 1Mi',
    ],
    ["a node port out of range", app({ nodePort: 80 }), "apps.a.nodePort: 80 must be from 30000 to 32767"],
    [
      "a node port without its exposure",
      app({ nodePort: 30_007, exposure: { kind: "headless" } }),
      "apps.a.nodePort: 30007 needs the exposure nodePort or loadBalancer",
    ],
    [
      "port beside ports",
      app({ port: 80, ports: { http: 80 } }),
      "apps.a.port: 80 belongs into ports, which names them all",
    ],
    [
      "host beside hosts",
      app({ host: "a", hosts: ["b"] }),
      'apps.a.host: "a" belongs into hosts, which names them all',
    ],
    [
      "a host with a port",
      app({ host: "a.example:80" }),
      'apps.a.hosts[0]: "a.example:80" must not have a port: a host is matched without it',
    ],
    [
      "replicas beside autoscaling",
      app({ replicas: 2, autoscaling: { maxReplicas: 3 } }),
      "apps.a.replicas: 2 is the autoscaler's to decide: leave it out",
    ],
    [
      "a budget that keeps every pod",
      app({ replicas: 2, disruptionBudget: { minAvailable: "60%" } }),
      'apps.a.disruptionBudget.minAvailable: "60%" would keep all of 2 replicas, so that no node with one could be drained: use less, or maxUnavailable',
    ],
    [
      "a budget that counts what an autoscaler sets",
      app({ autoscaling: { maxReplicas: 3 }, disruptionBudget: { minAvailable: 1 } }),
      "apps.a.disruptionBudget.minAvailable: 1 cannot be checked, for replicas are left to an autoscaler: use maxUnavailable",
    ],
    [
      "an autoscaler with fewer pods at most than at least",
      app({ autoscaling: { minReplicas: 4, maxReplicas: 3 } }),
      "apps.a.autoscaling.maxReplicas: 3 must be a whole number from minReplicas (4)",
    ],
    [
      "stripping nothing",
      app({ stripPrefix: true }),
      'apps.a.stripPrefix: true needs a path to strip, other than "/"',
    ],
    [
      "a root path that is not stripped",
      app({ path: "/a", rootPathEnv: "ROOT" }),
      'apps.a.rootPathEnv: "ROOT" needs stripPrefix: an app that sees its whole path would put the prefix twice',
    ],
    [
      "times that do not add up",
      app({ preStopSeconds: 9, shutdownSeconds: 9, terminationGracePeriodSeconds: 9 }),
      "apps.a.terminationGracePeriodSeconds: 9 must be more than preStopSeconds (9) + shutdownSeconds (9), or the pod is killed before it has finished",
    ],
    [
      "a variable twice",
      app({ env: { A: "1" }, secretEnv: { A: "2" } }),
      "apps.a.secretEnv.A: is in env, too",
    ],
    [
      "a kind of route there is none of",
      app({ kind: "IngressRoute" }),
      'apps.a.kind: "IngressRoute" must be "ingressRoute" or "ingress" or "httpRoute"; did you mean "ingressRoute"?',
    ],
    ["a portal that is no nginx", app({ portal: true }), "apps.a.portal: true needs the image nginx"],
    [
      "a canary without a share",
      app({ canary: { image: "x:2", weight: 200 } }),
      "apps.a.canary.weight: 200 must be a whole percentage from 0 to 100",
    ],
    [
      "a canary of the same image",
      app({ canary: { image: "x:1", weight: 10 } }),
      'apps.a.canary.image: "x:1" is the app\'s own image: drop canary',
    ],
    [
      "a middleware nobody made",
      { middlewares: { secure: { compress: {} } }, ...app({ middlewares: ["secur"] }) },
      'apps.a.middlewares[0]: "secur" must be one of middlewares: did you mean secure?',
    ],
    [
      "a middleware of two kinds",
      { middlewares: { m: { compress: {}, retry: { attempts: 2 } } } },
      "middlewares.m: ",
    ],
    [
      "a middleware nobody may pass",
      { middlewares: { m: { basicAuth: { users: {} } } } },
      "middlewares.m.basicAuth.users: must hold at least one user: Traefik drops a route that nobody may use",
    ],
    [
      "yesterday's middleware",
      { middlewares: { m: { ipWhiteList: {} } } },
      "middlewares.m.ipWhiteList: {} is not known; ipWhiteList is called ipAllowList today",
    ],
    [
      "yesterday's API group",
      app({ annotations: { "traefik.containo.us/x": "y" } }),
      'apps.a.annotations.traefik.containo.us/x: "y" is outdated: traefik.containo.us is traefik.io since Traefik 3',
    ],
    [
      "a curve for RSA",
      { tls: { algorithm: "RSA", curve: "P256" } },
      'tls.curve: "P256" belongs to ECDSA; RSA keys have a keySize',
    ],
    [
      "a size for ECDSA",
      { tls: { keySize: 4096 } },
      "tls.keySize: 4096 belongs to RSA; ECDSA keys have a curve",
    ],
    [
      "leaves that outlive the authority",
      { tls: { authority: { validityDays: 10 }, certificates: { validityDays: 20 } } },
      "tls.certificates.validityDays: 20 must not be more than the authority's 10",
    ],
    [
      "renewal from the first day",
      { tls: { certificates: { validityDays: 20, earlyRenewalDays: 20 } } },
      "tls.certificates.earlyRenewalDays: 20 must be whole days below the 20 of validityDays, or every up would issue it anew",
    ],
    [
      "a country by name",
      { tls: { subject: { country: "China" } } },
      'tls.subject.country: "China" must be two capital letters, as "CN"',
    ],
    [
      "an account for no registry",
      { registryAuth: { username: "u", password: "p" } },
      "registryAuth.server: is required where registry is not given",
    ],
    [
      "trust in everybody",
      { traefik: { web: { forwardedHeaders: { trustedIPs: ["0.0.0.0/0"] } } } },
      'traefik.web.forwardedHeaders.trustedIPs[0]: "0.0.0.0/0" would let every client forge its address',
    ],
    [
      "a redirect that nobody knows the port of",
      {
        traefik: { service: { type: "NodePort" } },
        ...app({ kind: "ingress", nginx: { "app-root": "/x" } }),
      },
      'apps.a.nginx: needs traefik.websecure.nodePort, to which plain http is redirected, or "ssl-redirect"',
    ],
    ["a canary of an Ingress", app({ kind: "ingress", canary: { image: "x:2", weight: 10 } }), "apps.a."],
    [
      "an annotation that Traefik does not honour",
      app({ kind: "ingress", nginx: { "server-snippet": "x" } }),
      'apps.a.nginx.server-snippet: "x" holds nginx configuration',
    ],
    ["ingress-nginx for another kind", app({ nginx: { "app-root": "/x" } }), "apps.a.nginx: "],
    [
      "a middleware for an HTTPRoute",
      { middlewares: { m: { compress: {} } }, ...app({ kind: "httpRoute", methods: ["GET"], priority: 3 }) },
      "apps.a.priority: ",
    ],
    [
      "passwords in the access log",
      { traefik: { accessLog: { format: "json", headers: ["Accept", "Cookie"] } } },
      'traefik.accessLog.headers[1]: "Cookie" would write passwords or sessions into the log',
    ],
    [
      "a node port without a service for it",
      { traefik: { service: { type: "ClusterIP" }, web: { nodePort: 30_350 } } },
      "traefik.web.nodePort: 30350 needs a service.type of NodePort or LoadBalancer",
    ],
  ];
  it.each(cases)("%s", (_what, config, line) => {
    const lines = mistakes(config);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.startsWith(line)).toBe(true);
  });
});

it("refuses two apps at one address, however it is written", () => {
  const apps = {
    a: { image: "x:1", host: "shop", path: "/v1" },
    b: { image: "x:1", host: "shop.test.slipway.test", path: "/v1/" },
  };
  expect(mistakes({ apps })).toEqual([
    'apps.b.path: "/v1/" is taken: apps.a is at shop.test.slipway.test/v1/, too',
  ]);
  const other = { ...apps, b: { ...apps.b, headers: { version: "2" } } };
  expect(mistakes({ apps: other })).toEqual([]);
});

it("refuses one node port for two, Traefik's own among them", () => {
  const lines = mistakes({
    traefik: { service: { type: "NodePort" }, web: { nodePort: 30_350 } },
    apps: {
      a: { image: "x:1", nodePort: 30_350 },
      b: { image: "x:1", nodePort: 30_007 },
      c: { image: "x:1", nodePort: 30_007 },
    },
  });
  expect(lines).toEqual([
    "apps.a.nodePort: 30350 is already taken by traefik.web.nodePort",
    "apps.c.nodePort: 30007 is already taken by apps.b.nodePort",
  ]);
});

it("tells the other mistakes of an app that has one, and none that follows from it", () => {
  const apps = {
    a: { replica: 3, path: "a", probes: { readiness: { httpGet: { pth: "/" } } }, env: { "1A": "x" } },
    b: {
      image: 5,
      servicePort: 0,
      autoscaling: { minReplicas: 2 },
      exposure: { kind: "nodeport" },
      tolerations: [{ key: 1 }],
    },
    "My App": { image: "x:1", ports: { http: "web" }, priority: 0 },
  };
  const middlewares = { m: { rateLimit: { averag: 3 } }, n: { ipWhiteList: {} } };
  expect(
    mistakes({
      middlewares,
      apps: { ...apps, c: { image: "x:1", middlewares: ["m", "n"], stripPrefix: true } },
    }),
  ).toEqual([
    "middlewares.m.rateLimit.average: is required: a number",
    "middlewares.m.rateLimit.averag: 3 is not known; did you mean average?",
    "middlewares.n.ipWhiteList: {} is not known; ipWhiteList is called ipAllowList today",
    "apps.a.image: is required: a string",
    "apps.a.probes.readiness.httpGet.path: is required: a string",
    'apps.a.probes.readiness.httpGet.pth: "/" is not known; did you mean path?',
    "apps.a.replica: 3 is not known; did you mean replicas?",
    expect.stringMatching(/^apps\.a\.env\.1A: must be a variable name/) as never,
    'apps.a.path: "a" must begin with "/" and have no space, "?" or "#"',
    "apps.b.autoscaling.maxReplicas: is required: a number",
    'apps.b.exposure.kind: "nodeport" must be "clusterIP" or "headless" or "nodePort" or "loadBalancer" or "externalIPs"; did you mean "nodePort"?',
    "apps.b.tolerations[0].key: 1 must be a string",
    "apps.b.image: 5 must be a string",
    "apps.b.servicePort: 0 must be from 1 to 65535",
    'apps.My App.ports.http: "web" must be a number or a map of keys',
    'apps.My App: "My App" must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends',
    expect.stringMatching(/^apps\.My App\.priority: 0 must be a whole number/) as never,
    'apps.c.stripPrefix: true needs a path to strip, other than "/"',
  ]);
});

it("says once that Traefik's own entry points have one node port", () => {
  const traefik = {
    service: { type: "NodePort" },
    web: { nodePort: 30_350 },
    websecure: { nodePort: 30_350 },
  };
  expect(mistakes({ traefik })).toEqual([
    "traefik.websecure.nodePort: 30350 is taken by the entry point web",
  ]);
});

it("gives a node port to one Service, whatever the protocol", () => {
  const traefik = {
    service: { type: "NodePort" },
    ports: { dns: { port: 5_353, protocol: "UDP", nodePort: 30_053 } },
  };
  const a = { image: "x:1", nodePort: 30_053 };
  expect(mistakes({ traefik, apps: { a } })).toEqual([
    "apps.a.nodePort: 30053 is already taken by traefik.ports.dns.nodePort",
  ]);
  const b = { image: "x:1", nodePort: 30_053, route: false, ports: { dns: { port: 53, protocol: "UDP" } } };
  expect(mistakes({ traefik, apps: { b } })).toEqual([
    "apps.b.nodePort: 30053 is already taken by traefik.ports.dns.nodePort",
  ]);
});

it("takes never, and today", () => {
  for (const expires of ["never", new Date().toISOString().slice(0, 10)]) {
    expect(readConfig(sourceOf({ expires })).stack.expires).toBe(expires);
  }
});

it("takes a date with and without quotes, which Pulumi then hands over as a time", () => {
  for (const expires of ["2027-01-31", "2027-01-31 00:00:00 +0000 UTC"]) {
    expect(readConfig(sourceOf({ expires })).stack.expires).toBe("2027-01-31");
  }
});

it("names keys of another namespace that were meant for the program", () => {
  const values = {
    "slipwai:domain": "a.b",
    "kubernetes:context": "prod",
    "aws:region": "x",
    "slipway:domain": "a.b",
  };
  expect(mistakes({}, { values })).toEqual([
    'slipwai:domain: "a.b" is not read; did you mean slipway:domain?',
    'kubernetes:context: "prod" is not read, as the program has a provider of its own; see slipway:cluster',
  ]);
});

it("refuses a stack whose name cannot be part of a namespace's", () => {
  expect(mistakes({}, { stack: "My_Stack" }).join("\n")).toContain('stack: "My_Stack" must be a DNS label');
});

describe("the site file", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "slipway-site-"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  const site = (text: string): string => {
    const file = join(directory, "site.yaml");
    writeFileSync(file, text);
    return file;
  };

  it("fills what the stack leaves out, key by key", () => {
    const file = site(
      "registry: r.example\ntraefik: { chart: /charts/traefik, crds: external, replicas: 2 }\n",
    );
    const config = readConfig(sourceOf({ traefik: { replicas: 3 } }, { site: file }));
    expect(config.traefik).toEqual({ chart: { chart: "/charts/traefik" }, crds: "external", replicas: 3 });
  });

  it("is named where the mistake is its own", () => {
    const file = site("traefik: { crds: extern, replicas: 0 }\n");
    expect(mistakes({ traefik: { replicas: -1 } }, { site: file })).toEqual([
      `traefik.crds (${file}): "extern" must be "install" or "external"; did you mean "external"?`,
      expect.stringMatching(/^traefik\.replicas: -1 must be /) as never,
    ]);
  });

  it("has to be there, and hold keys", () => {
    expect(mistakes({}, { site: "/nowhere/site.yaml" })[0]).toMatch(
      /^SLIPWAY_SITE: "\/nowhere\/site.yaml" must name a YAML or JSON file: ENOENT/,
    );
    expect(mistakes({}, { site: site("- a\n") })[0]).toContain(
      "must hold a map of the stack's configuration keys",
    );
    expect(mistakes({}, { site: site("a: [") })[0]).toContain("must name a YAML or JSON file: ");
    expect(mistakes({}, { site: site("") })).toEqual([]);
  });
});

describe("secrets", () => {
  it("stay secret outputs", async () => {
    const config = readConfig(
      sourceOf({
        registry: "r.example",
        registryAuth: { username: "u", password: "hidden" },
        ...app({ secretEnv: { T: "hidden" } }),
      }),
    );
    for (const value of [config.registry?.password, config.apps[0]?.spec.secretEnv?.T]) {
      expect(pulumi.Output.isInstance(value)).toBe(true);
      expect(await pulumi.isSecret(value as pulumi.Output<string>)).toBe(true);
    }
  });

  it("are not part of a message", () => {
    const lines = mistakes(
      { registryAuth: { username: "u", pasword: "hidden" }, ...app({ kind: "visible" }) },
      { secretKeys: ["slipway:registryAuth"] },
    );
    expect(lines.join("\n")).not.toContain("hidden");
    expect(lines).toContain('registryAuth.pasword: "[secret]" is not known; did you mean password?');
    expect(lines.join("\n")).toContain("visible");
    const nested = mistakes({ tls: { sorce: { key: "hidden" } } }, { secretKeys: ["slipway:tls"] });
    expect(nested).toEqual(['tls.sorce: "[secret]" is not known; did you mean source?']);
  });

  it("may be any variable of apps that hold one", async () => {
    const open = readConfig(sourceOf(app({ env: { A: "1" } })));
    expect(open.apps[0]?.spec.env).toEqual({ A: "1" });
    const closed = readConfig(sourceOf(app({ env: { A: "1" } }), { secretKeys: ["slipway:apps"] }));
    expect(await pulumi.isSecret(closed.apps[0]?.spec.env?.A as pulumi.Output<string>)).toBe(true);
  });
});

it("pulls the images of apps/ from the registry", () => {
  const { apps } = readConfig(sourceOf({ registry: "r.example/lab", apps: { a: { image: "nginx" } } }));
  expect(apps[0]?.spec.image).toMatch(/^r\.example\/lab\/slipway-nginx:[0-9a-f]{12}$/);
});

it("takes every image that names no registry from the stack's", () => {
  const images = {
    image: "shop:1",
    canary: { image: "team/shop:2", weight: 10 },
    sidecars: { proxy: { image: "docker.io/library/proxy:1" } },
    initContainers: { wait: { image: "localhost:5000/wait:1" } },
  };
  const spec = readConfig(sourceOf({ registry: "r.example/lab", apps: { a: images } })).apps[0]?.spec;
  expect(spec).toMatchObject({
    image: "r.example/lab/shop:1",
    canary: { image: "r.example/lab/team/shop:2" },
    sidecars: { proxy: { image: "docker.io/library/proxy:1" } },
    initContainers: { wait: { image: "localhost:5000/wait:1" } },
  });
});

it("tells a canary of an image of apps/ its own version", () => {
  const canary = { image: "r.example/slipway-fastapi:2", weight: 10 };
  const spec = readConfig(sourceOf({ apps: { a: { image: "fastapi", canary } } })).apps[0]?.spec;
  expect(spec?.canary?.env).toEqual({ APP_VERSION: "2" });
  expect(spec?.env?.APP_VERSION).toMatch(/^[0-9a-f]{12}$/);
});

it("takes the port of a redirect as a number or as text, as the component does", () => {
  const middlewares = {
    number: { redirectScheme: { port: 8443 } },
    text: { redirectScheme: { port: "8443" } },
  };
  const { namespaces } = readConfig(sourceOf({ middlewares, ...app({ middlewares: ["number", "text"] }) }));
  const { number, text } = namespaces[0]?.middlewares ?? {};
  expect(middlewareSpec(number ?? {}, "")).toEqual({ redirectScheme: { scheme: "https", port: "8443" } });
  expect(middlewareSpec(text ?? {}, "")).toEqual(middlewareSpec(number ?? {}, ""));
  const wrong = { m: { redirectScheme: { port: "web" } } };
  expect(mistakes({ middlewares: wrong })[0]).toMatch(
    /^middlewares\.m\.redirectScheme\.port: "web" must be /,
  );
});

it("turns the Gateway API on where an app asks for it", () => {
  expect(readConfig(sourceOf(app({ kind: "httpRoute" }))).traefik.providers).toEqual({
    kubernetesGateway: true,
  });
  expect(readConfig(sourceOf(app({}))).traefik.providers).toBeUndefined();
});
