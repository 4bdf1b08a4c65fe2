import { Certificate, CertificateAuthority, Middleware, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;
const { traefik } = example.platform();
const one = run(example, "one");
const two = run(example, "two");
const echo = run(example, "echo", "fastapi");

// One host, an app under each prefix, which the app itself does not see.
new Route("by-path", {
  traefik,
  hosts: ["shop.test"],
  rules: [
    { path: "/one", stripPrefix: true, service: one },
    { path: "/two", stripPrefix: true, service: two },
    { path: "/echo", stripPrefix: true, service: echo },
  ],
});

// An exact path comes before the prefix it lies under.
new Route("by-exact-path", {
  traefik,
  hosts: ["exact.test"],
  rules: [{ service: one }, { path: "/version", pathType: "exact", service: two }],
});

// A host for each app; several for one; all below a domain, but for one that has a route of its own.
new Route("by-host", { traefik, hosts: ["one.test", "uno.test"], service: one });
new Route("by-domain", { traefik, hosts: ["*.two.test"], service: two });
new Route("within-domain", { traefik, hosts: ["a.two.test"], service: one });

// The same host and path, told apart by what else the request says.
const strip = new Middleware("strip-version", {
  traefik,
  namespace,
  stripPrefixRegex: { regex: ["/v[0-9]+"] },
});
new Route("by-condition", {
  traefik,
  hosts: ["api.test"],
  rules: [
    { service: one },
    { headers: { version: "2" }, service: two },
    { headers: { "user-agent": { regex: "^curl/" } }, service: echo },
    { query: { version: "2" }, service: two },
    { methods: ["DELETE", "PATCH"], service: echo },
    { path: "^/v[0-9]+/", pathType: "regex", middlewares: [strip], service: two },
    // Where the connection comes from: here, or a network of documents.
    { path: "/near", stripPrefix: true, clientIps: ["0.0.0.0/0", "::/0"], service: two },
    { path: "/far", stripPrefix: true, clientIps: ["203.0.113.0/24"], service: two },
    { path: "/pinned", stripPrefix: true, service: one },
    // As specific as the one above, but asked first.
    { path: "/pinned", stripPrefix: true, priority: 1000, service: two },
  ],
});

// A rule in Traefik's own language, for what has no word here.
new Route("by-rule", { traefik, match: "Host(`rule.test`) && !Header(`version`, `2`)", service: one });

// https with a certificate of one's own authority; http leads there, on the port that clients reach.
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = new Certificate("secure", {
  namespace,
  app: "one",
  authority,
  hosts: ["secure.test"],
  key: { algorithm: "ECDSA" },
  validityDays: 365,
});
new Route("secure", {
  traefik,
  hosts: ["secure.test"],
  path: "/one",
  stripPrefix: true,
  service: one,
  tls: certificate,
  redirectToHttps: config.getNumber("httpsPort") ?? 443,
});

export const namespaceName = namespace.name;
export const caCertificate = authority.certificate;
