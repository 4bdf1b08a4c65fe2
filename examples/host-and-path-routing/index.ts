import { Certificate, CertificateAuthority, Middleware, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { stack, namespace, config } = example;
const traefik = example.platform();
const one = run(example, "one");
const two = run(example, "two");
const echo = run(example, "echo", "fastapi");

const place = { stack, namespace };
const shared = { ...place, ingressClass: traefik.ingressClass };
const opts = { dependsOn: traefik };

// One host, an app under each prefix, which the app itself does not see.
new Route(
  "by-path",
  {
    ...shared,
    hosts: ["shop.test"],
    rules: [
      { path: "/one", stripPrefix: true, service: one },
      { path: "/two", stripPrefix: true, service: two },
      { path: "/echo", stripPrefix: true, service: echo },
    ],
  },
  opts,
);

// An exact path comes before the prefix it lies under.
new Route(
  "by-exact-path",
  {
    ...shared,
    hosts: ["exact.test"],
    rules: [{ service: one }, { path: "/version", pathType: "exact", service: two }],
  },
  opts,
);

// A host for each app; several for one; all below a domain, but for one that has a route of its own.
new Route("by-host", { ...shared, hosts: ["one.test", "uno.test"], service: one }, opts);
new Route("by-domain", { ...shared, hosts: ["*.two.test"], service: two }, opts);
new Route("within-domain", { ...shared, hosts: ["a.two.test"], service: one }, opts);

// The same host and path, told apart by what else the request says.
const strip = new Middleware("strip-version", { ...place, stripPrefixRegex: { regex: ["/v[0-9]+"] } }, opts);
new Route(
  "by-condition",
  {
    ...shared,
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
  },
  opts,
);

// A rule in Traefik's own language, for what has no word here.
new Route(
  "by-rule",
  { ...shared, match: "Host(`rule.test`) && !Header(`version`, `2`)", service: one },
  opts,
);

// https with a certificate of one's own authority; http leads there, on the port that clients reach.
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = new Certificate("secure", {
  ...place,
  app: "one",
  authority,
  hosts: ["secure.test"],
  key: { algorithm: "ECDSA" },
  validityDays: 365,
});
new Route(
  "secure",
  {
    ...shared,
    hosts: ["secure.test"],
    path: "/one",
    stripPrefix: true,
    service: one,
    tls: { secretName: certificate.secretName },
    redirectToHttps: config.getNumber("httpsPort") ?? 443,
  },
  opts,
);

export const namespaceName = namespace;
export const caCertificate = authority.certificate;
