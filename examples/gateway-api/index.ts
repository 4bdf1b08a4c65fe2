import { Certificate, CertificateAuthority, Gateway, Middleware, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;
const { traefik } = example.platform({ providers: { kubernetesGateway: true } });
const v1 = run(example, "v1");
const v2 = run(example, "v2");
const echo = run(example, "echo", "fastapi");

// A Gateway holds the certificates. Its listeners are called like Traefik's entry points, and have their ports.
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = new Certificate("certificate", {
  namespace,
  app: "gateway",
  authority,
  hosts: ["shop.test", "*.shop.test"],
  key: { algorithm: "ECDSA" },
  validityDays: 365,
});
const gateway = new Gateway("gateway", {
  traefik,
  namespace,
  listeners: { web: {}, websecure: { tls: certificate } },
});

const shared = { kind: "httpRoute", gateway } as const;
const plain = { ...shared, entryPoints: ["web"] };

// One host, told apart by path, header, query and method; http leads to https, on the port that clients reach.
new Route("shop", {
  ...shared,
  hosts: ["shop.test"],
  redirectToHttps: config.getNumber("httpsPort") ?? 443,
  rules: [
    { path: "/v1", stripPrefix: true, service: v1 },
    { path: "/v2", stripPrefix: true, service: v2 },
    { path: "/version", pathType: "exact", service: v1 },
    { path: "/version", pathType: "exact", headers: { version: "2" }, service: v2 },
    { path: "/version", pathType: "exact", query: { version: "2" }, service: v2 },
    { methods: ["DELETE"], service: echo },
  ],
});

// Gateway API's own steps on the way.
new Route("filters", {
  ...plain,
  hosts: ["filters.test"],
  rules: [
    {
      path: "/whoami",
      filters: [
        { requestHeaders: { set: { "x-set": "by gateway" }, add: { "x-add": "2" }, remove: ["x-secret"] } },
        { responseHeaders: { add: { "x-gateway": "traefik" } } },
      ],
      service: echo,
    },
    {
      path: "/rewrite",
      filters: [{ rewrite: { hostname: "inner.test", prefix: "/whoami" } }],
      service: echo,
    },
    { path: "/moved", filters: [{ redirect: { hostname: "new.test", path: "/here", statusCode: 302 } }] },
  ],
});

// Traefik's middlewares serve here, too.
const limit = new Middleware("limit", {
  traefik,
  namespace,
  rateLimit: { average: 1, period: "1m", burst: 2 },
});
new Route("limited", { ...plain, hosts: ["limited.test"], middlewares: [limit], service: v1 });

// Every fourth request goes to the new version.
new Route("weights", {
  ...plain,
  hosts: ["weights.test"],
  service: [
    { service: v1, weight: 3 },
    { service: v2, weight: 1 },
  ],
});

export const namespaceName = namespace.name;
export const caCertificate = authority.certificate;
