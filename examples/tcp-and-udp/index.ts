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
const { stack, namespace, config } = example;
const place = { stack, namespace };

// Entry points of their own: what speaks no http has no host to be told apart by.
const platform = example.platform({
  ports: {
    echo: { port: 7000, nodePort: config.getNumber("tcpPort") },
    datagrams: { port: 7001, protocol: "UDP", nodePort: config.getNumber("udpPort") },
  },
});
const opts = { dependsOn: platform };

const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Example CA" },
  validityDays: 3650,
});
const certificate = (app: string, hosts: string[]): Certificate =>
  new Certificate(app, { ...place, app, authority, hosts, key: { algorithm: "ECDSA" }, validityDays: 365 });
const own = certificate("echo", ["through.test"]);
const ended = certificate("ended", ["ended.test"]);

const script = new ConfigMap("script", {
  ...place,
  data: { "echo.py": readFileSync(new URL("echo.py", import.meta.url), "utf8") },
});
const pods = new Deployment("echo", {
  ...place,
  image: example.image("fastapi"),
  resources: little,
  command: ["python3", "/srv/echo.py"],
  ports: { tcp: 7000, tls: 7443, udp: { port: 7000, protocol: "UDP" } },
  mounts: { "/srv": { configMap: script }, "/tls": { secret: own.secretName } },
  probes: { readiness: { tcpSocket: { port: "tcp" } } },
});
const service = new Service(
  "echo",
  { ...place, app: "echo", ports: { tcp: 7000, tls: 7443, udp: { port: 7000, protocol: "UDP" } } },
  { dependsOn: pods },
);

const shared = { ...place, ingressClass: platform.ingressClass };

// Every connection of a port, from where it may come, and not too many at once.
const few = new TcpMiddleware("few", { ...place, inFlightConn: { amount: 2 } }, opts);
new TcpRoute(
  "plain",
  { ...shared, entryPoints: ["echo"], middlewares: [few], service: { name: service.name, port: "tcp" } },
  opts,
);

// By the name a client asks for: TLS goes through to the app, which has the certificate …
new TcpRoute(
  "through",
  {
    ...shared,
    entryPoints: ["websecure"],
    sni: ["through.test"],
    tls: { passthrough: true },
    service: { name: service.name, port: "tls" },
  },
  opts,
);
// … or ends here, and the app speaks plain.
new TcpRoute(
  "ended",
  {
    ...shared,
    entryPoints: ["websecure"],
    sni: ["ended.test"],
    tls: { secretName: ended.secretName },
    service: { name: service.name, port: "tcp" },
  },
  opts,
);

new UdpRoute(
  "datagrams",
  { ...shared, entryPoints: ["datagrams"], service: { name: service.name, port: "udp" } },
  opts,
);

export const namespaceName = namespace;
export const caCertificate = authority.certificate;
