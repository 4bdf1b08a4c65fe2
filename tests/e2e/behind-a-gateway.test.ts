import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { expect, it } from "vitest";

import { Client, execIn, objects, useExample, waitFor } from "./harness/index.ts";

/** Address that this machine has for the nodes: the gateway's. */
const GATEWAY = "198.18.77.1";

// On the nodes' own ports there are no node ports.
const example = useExample("behind-a-gateway", "e2e-outer", {
  config: { gateways: [`${GATEWAY}/32`], traefik: { web: undefined, websecure: undefined } },
});

/** The request as the app saw it. */
interface Seen {
  readonly scheme: string;
  readonly url: string;
  readonly client: { readonly host: string };
  readonly headers: Readonly<Record<string, string>>;
}

const VISITOR = "203.0.113.7";
const forged = { "x-forwarded-proto": "https", "x-forwarded-for": VISITOR, "x-forwarded-port": "443" };

it("runs on every node's ports 80 and 443, and nowhere else", async () => {
  const namespace = await example.stack().namespace();
  const [daemonSet] = await objects("daemonsets", "--namespace", `${namespace}-traefik`);
  // Another suite may have a node that is an object only.
  const nodes = await objects("nodes", "-lkubernetes.io/os");
  expect(daemonSet?.["status"]).toMatchObject({ numberReady: nodes.length });
  const [service] = await objects("service/traefik", "--namespace", `${namespace}-traefik`);
  expect(service?.["spec"]).toMatchObject({ type: "ClusterIP" });
});

it("tells the app how a visitor came to the gateway, which ends TLS", async () => {
  const namespace = await example.stack().namespace();
  const [secret] = await objects("secret/shop-tls", "--namespace", namespace);
  const { "tls.crt": cert, "tls.key": key } = secret?.["data"] as Record<string, string>;
  const pem = (text = ""): Buffer => Buffer.from(text, "base64");
  const gateway = createServer({ cert: pem(cert), key: pem(key) }, (incoming, outgoing) => {
    const { method, url: path } = incoming;
    const headers = { host: incoming.headers.host, ...forged };
    httpRequest({ host: example.address, port: 80, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
  gateway.listen(0, "127.0.0.1");
  await once(gateway, "listening");
  const { port } = gateway.address() as AddressInfo;
  const ca = await example.stack().output<string>("caCertificate");
  const visitor = new Client({ address: "127.0.0.1", ca, keepAlive: false });
  try {
    const seen = await visitor.json<Seen>(`https://shop.test:${port}/whoami`);
    expect(seen.scheme).toBe("https");
    expect(seen.client.host).toBe(VISITOR);
    expect(seen.headers).toMatchObject({
      "x-forwarded-proto": "https",
      "x-forwarded-port": "443",
      "x-forwarded-for": `${VISITOR}, ${GATEWAY}`,
    });
  } finally {
    await visitor.close();
    gateway.close();
  }
});

it("believes nobody else", async () => {
  const namespace = await example.stack().namespace();
  const ask = [
    "import sys, urllib.request as r",
    "print(r.urlopen(r.Request(sys.argv[1], headers=dict(a.split('=') for a in sys.argv[2:]))).read().decode())",
  ].join("\n");
  const headers = Object.entries({ host: "shop.test", ...forged }).map((pair) => pair.join("="));
  const url = `http://${example.address}/whoami`;
  const seen = JSON.parse(
    await execIn(namespace, "deployment/app", ["python3", "-c", ask, url, ...headers]),
  ) as Seen;
  expect(seen.scheme).toBe("http");
  expect(seen.client.host).not.toBe(VISITOR);
  expect(JSON.stringify(seen.headers)).not.toContain(VISITOR);
  expect(seen.headers).toMatchObject({ "x-forwarded-proto": "http", "x-forwarded-port": "80" });
});

it("believes nobody at the entry point of https, where no gateway comes", async () => {
  const ca = await example.stack().output<string>("caCertificate");
  const client = example.client(ca);
  const seen = await waitFor(() => client.json<Seen>("https://shop.test/whoami", forged), {
    message: "Traefik to serve the certificate",
  });
  await client.close();
  expect(seen.scheme).toBe("https");
  expect(seen.client.host).toBe(GATEWAY);
  expect(seen.headers["x-forwarded-for"]).toBe(GATEWAY);
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});
