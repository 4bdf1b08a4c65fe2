import { readFileSync } from "node:fs";

import {
  Certificate,
  CertificateAuthority,
  ConfigMap,
  Deployment,
  Service,
  TcpMiddleware,
  TcpRoute,
  UdpRoute,
} from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;

// Entry points of their own: what speaks no http has no host to be told apart by.
const { traefik } = example.platform({
  ports: {
    echo: { port: 7000, nodePort: config.getNumber("tcpPort") },
    datagrams: { port: 7001, protocol: "UDP", nodePort: config.getNumber("udpPort") },
  },
});

const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = (app: string, hosts: string[]): Certificate =>
  new Certificate(app, { namespace, app, authority, hosts, key: { algorithm: "ECDSA" }, validityDays: 365 });
const own = certificate("echo", ["through.test"]);
const ended = certificate("ended", ["ended.test"]);

const script = new ConfigMap("script", {
  namespace,
  data: { "echo.py": readFileSync(new URL("echo.py", import.meta.url), "utf8") },
});
const pods = new Deployment("echo", {
  namespace,
  image: example.image("fastapi"),
  resources: little,
  command: ["python3", "/srv/echo.py"],
  ports: { tcp: 7000, tls: 7443, udp: { port: 7000, protocol: "UDP" } },
  mounts: { "/srv": { configMap: script }, "/tls": { secret: own } },
  probes: { readiness: { tcpSocket: { port: "tcp" } } },
});
const service = new Service("echo", {
  target: pods,
  ports: { tcp: 7000, tls: 7443, udp: { port: 7000, protocol: "UDP" } },
});

// Every connection of a port, from where it may come, and not too many at once.
const few = new TcpMiddleware("few", { traefik, namespace, inFlightConn: { amount: 2 } });
new TcpRoute("plain", {
  traefik,
  entryPoints: ["echo"],
  middlewares: [few],
  service: { service, port: "tcp" },
});

// By the name a client asks for: TLS goes through to the app, which has the certificate …
new TcpRoute("through", {
  traefik,
  entryPoints: ["websecure"],
  sni: ["through.test"],
  tls: { passthrough: true },
  service: { service, port: "tls" },
});
// … or ends here, and the app speaks plain.
new TcpRoute("ended", {
  traefik,
  entryPoints: ["websecure"],
  sni: ["ended.test"],
  tls: ended,
  service: { service, port: "tcp" },
});

new UdpRoute("datagrams", { traefik, entryPoints: ["datagrams"], service: { service, port: "udp" } });

export const namespaceName = namespace.name;
export const caCertificate = authority.certificate;
