import { Certificate, CertificateAuthority, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;

// Traefik on every node's own ports 80 and 443. It believes what the gateways in front say of a request, and nobody else.
const trustedIPs = config.getObject<string[]>("gateways") ?? ["192.0.2.10/32"];
const { traefik } = example.platform({
  hostNetwork: true,
  service: { type: "ClusterIP" },
  web: { forwardedHeaders: { trustedIPs } },
});

// The app in turn believes Traefik, which is all that reaches it.
const app = run(example, "app", "fastapi", { env: { FORWARDED_ALLOW_IPS: "*" } });

const shared = { traefik, hosts: ["shop.test"], service: app };

// The gateway ends TLS, and comes by plain http.
new Route("shop", shared);

// Those who come to a node without the gateway find a certificate there.
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = new Certificate("shop", {
  namespace,
  app: "shop",
  authority,
  hosts: ["shop.test"],
  key: { algorithm: "ECDSA" },
  validityDays: 365,
});
new Route("shop-tls", { ...shared, tls: certificate });

export const namespaceName = namespace.name;
export const caCertificate = authority.certificate;
