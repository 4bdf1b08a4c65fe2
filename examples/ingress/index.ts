import {
  Certificate,
  CertificateAuthority,
  Middleware,
  type NginxOptions,
  Route,
  type RouteRule,
  Secret,
  Service,
} from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;
const { traefik } = example.platform({ providers: { kubernetesIngressNGINX: true } });
const v1 = run(example, "v1");
const v2 = run(example, "v2");
const echo = run(example, "echo", "fastapi");

const shared = { traefik, kind: "ingress" } as const;

// One host, an app under each prefix, which the app itself does not see; and a host for each app.
const step = new Middleware("step", {
  traefik,
  namespace,
  headers: { customResponseHeaders: { "x-step": "taken" } },
});
new Route("by-path", {
  ...shared,
  hosts: ["shop.test"],
  middlewares: [step],
  rules: [
    { path: "/v1", stripPrefix: true, service: v1 },
    { path: "/v2", stripPrefix: true, service: v2 },
  ],
});
new Route("by-host", {
  ...shared,
  rules: [
    { hosts: ["v1.test", "one.test"], service: v1 },
    { hosts: ["*.v2.test"], service: v2 },
  ],
});

// The three path types: Prefix, Exact and, for patterns, ImplementationSpecific.
new Route("path-types", {
  ...shared,
  hosts: ["paths.test"],
  rules: [
    { path: "/docs", service: v1 },
    { path: "/docs/index", pathType: "exact", service: v2 },
    // By itself, the longer rule is asked first, and a pattern may be shorter than the prefix it lies under.
    { path: "/docs/[0-9]+$", pathType: "regex", priority: 1000, service: echo },
  ],
});

// No host and no path: the default backend, which gets what nobody else wants.
new Route("default-backend", { ...shared, service: echo });

// https with a certificate of one's own authority; http leads there, on the port that clients reach.
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = new Certificate("secure", {
  namespace,
  app: "v1",
  authority,
  hosts: ["secure.test", "ssl-redirect.test", "all-in-one.test"],
  key: { algorithm: "ECDSA" },
  validityDays: 365,
});
const https = {
  tls: certificate,
  redirectToHttps: config.getNumber("httpsPort") ?? 443,
};
new Route("secure", { ...shared, ...https, hosts: ["secure.test"], service: v1 });

// Several Secrets in one Ingress, with and without annotations of ingress-nginx: a client chooses by SNI.
const manyHosts = ["one.sni.test", "a.two.sni.test"];
const tls = ["one.sni.test", "*.two.sni.test"].map((host, index) => {
  const name = `sni-${index}`;
  const { secretName } = new Certificate(name, {
    namespace,
    authority,
    hosts: [host],
    key: { algorithm: "ECDSA" },
    validityDays: 90 + index,
  });
  return { hosts: [host], secretName };
});
new Route("sni", { ...shared, hosts: manyHosts, tls, service: v1 });
new Route("sni-nginx", {
  ...shared,
  hosts: manyHosts,
  tls,
  nginx: { "ssl-redirect": false },
  path: "/nginx",
  service: echo,
});

/** A route with annotations of ingress-nginx, at a host called like it. */
function nginx(name: string, options: NginxOptions, rule: RouteRule & Partial<typeof https>): Route {
  return new Route(name, { ...shared, hosts: [`${name}.test`], nginx: options, ...rule });
}

nginx(
  "rewrite-target",
  { "use-regex": true, "rewrite-target": "/$2" },
  { path: "/haha(/|$)(.*)", pathType: "regex", service: v1 },
);
// Without a pattern, the path itself becomes the target. What is below it would, too, with ingress-nginx; Traefik answers 400.
nginx("rewrite-root", { "rewrite-target": "/" }, { path: "/haha", service: echo });
// A pattern beside the root, in one Ingress: options hold for both paths.
new Route("root-and-pattern", {
  ...shared,
  hosts: ["root-and-pattern.test"],
  nginx: { "use-regex": true, "rewrite-target": "/$2" },
  rules: [
    { path: "/", service: v1 },
    { path: "/echo(/|$)(.*)", pathType: "regex", service: echo },
  ],
});
nginx("app-root", { "app-root": "/hostname.html" }, { service: v1 });
nginx("ssl-redirect", {}, { ...https, service: v1 });
nginx(
  "whitelist",
  { "whitelist-source-range": config.getObject<string[]>("allowed") ?? ["10.0.0.0/8"] },
  { service: v1 },
);

// A file that `htpasswd -B` made.
const users = new Secret("users", { namespace, data: { auth: config.requireSecret("htpasswd") } });
new Route(
  "auth",
  {
    ...shared,
    hosts: ["auth.test"],
    nginx: { "auth-type": "basic", "auth-secret": "users", "auth-realm": "shop" },
    service: v1,
  },
  { dependsOn: users },
);

// A password, https and the app's own start page, in one Ingress.
new Route(
  "all-in-one",
  {
    ...shared,
    ...https,
    hosts: ["all-in-one.test"],
    nginx: {
      "auth-type": "basic",
      "auth-secret": "users",
      "auth-realm": "shop",
      "app-root": "/hostname.html",
    },
    service: v1,
  },
  { dependsOn: users },
);

// Canaries take requests from a Service, so each has one of its own that leads to the same pods.
const canaries: Record<string, NginxOptions> = {
  "canary-by-header": { "canary-by-header": "version", "canary-by-header-value": "2" },
  "canary-by-cookie": { "canary-by-cookie": "beta" },
  "canary-by-weight": { "canary-weight": 20, "canary-weight-total": 200 },
  // A header decides before a cookie, and that before the weight: here, nobody's but theirs.
  "canary-by-all": { "canary-by-header": "version", "canary-by-cookie": "beta", "canary-weight": 0 },
};
// The new version takes over: each main Ingress leads to it, and no canary is left.
const promoted = config.getBoolean("promoted") ?? false;
for (const [name, options] of Object.entries(canaries)) {
  const stable = new Service(name, { target: v1.target, ports: { http: 80 } });
  const main = nginx(name, {}, { service: promoted ? v2 : stable });
  if (promoted) continue;
  new Route(
    `${name}-v2`,
    { ...shared, hosts: [`${name}.test`], nginx: { canary: true, ...options }, service: v2 },
    { dependsOn: main },
  );
}

export const namespaceName = namespace.name;
export const caCertificate = authority.certificate;
