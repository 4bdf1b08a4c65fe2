import * as pulumi from "@pulumi/pulumi";

import { Certificate, CertificateAuthority, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;

const certificates = { key: { algorithm: "ECDSA" }, validityDays: 365 } as const;
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});

// Who may see the dashboard, and from where; nobody, until the configuration says so.
const dashboard = config.getObject<{ readonly host: string; readonly allow: string[] }>("dashboard");

const platform = example.platform(
  {
    accessLog: { format: "json", headers: ["User-Agent"], query: false },
    metrics: "service",
    // Else a node hands requests on under its own address, and that is what the list of networks would see.
    service: { type: "NodePort", externalTrafficPolicy: "Local" },
  },
  {
    tls: { authority, certificates },
    dashboard: dashboard && {
      ...dashboard,
      basicAuth: { users: config.requireSecretObject<Record<string, string>>("users") },
    },
  },
);

const shop = run(example, "shop", "fastapi");
const certificate = new Certificate("shop", {
  namespace,
  app: "shop",
  authority,
  hosts: ["shop.test"],
  ...certificates,
});
new Route("shop", { traefik: platform.traefik, hosts: ["shop.test"], service: shop, tls: certificate });

export const namespaceName = namespace.name;
export const traefikNamespace = platform.traefik.namespace;
export const caCertificate = authority.certificate;
/** Where a Prometheus in the cluster finds the metrics. */
export const metrics = pulumi.interpolate`http://traefik-metrics.${traefikNamespace}.svc:9100/metrics`;
