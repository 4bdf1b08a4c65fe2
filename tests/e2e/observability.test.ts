import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  basicAuth,
  browse,
  Client,
  execIn,
  kubectl,
  ownAddress,
  site,
  useExample,
  waitFor,
} from "./harness/index.ts";

const HOST = "traefik.test";
const password = "correct horse battery";
const { nodeAddress: address } = site().endpoint;
const example = useExample("observability", "e2e-observed", { secrets: { "users.operator": password } });
const { https } = example.ports;
const page = (path: string, host = HOST): string => `https://${host}:${https}${path}`;
const credentials = (secret = password) => basicAuth("operator", secret);

/** Verifies certificates. */
let client: Client;
let namespace: string;
let traefik: string;

beforeAll(async () => {
  namespace = await example.stack().namespace();
  traefik = await example.stack().output<string>("traefikNamespace");
  // A connection each, or some would stay with a Traefik that is about to go.
  client = new Client({
    address,
    ca: await example.stack().output<string>("caCertificate"),
    keepAlive: false,
  });
  await waitFor(async () => (await client.get(page("/healthz", "shop.test"))).status === 200, {
    message: "Traefik to serve the app",
  });
});
afterAll(() => client.close());

/** Runs Python in the app's pod, and gives what it printed. */
const inPod = (program: string, ...words: string[]): Promise<string> =>
  execIn(namespace, "deployment/shop", ["python3", "-c", program, ...words]);

it("shows nobody a dashboard that the configuration does not name", async () => {
  const anybody = new Client({ address, insecure: true });
  for (const path of ["/", "/dashboard/", "/api/overview", "/api/rawdata"]) {
    expect((await anybody.get(page(path), credentials())).status).toBe(404);
  }
  await anybody.close();
});

describe("the dashboard, to those who may see it,", () => {
  beforeAll(async () => {
    const own = await ownAddress(address);
    await example.stack().configure({ dashboard: { host: HOST, allow: [`${own}/32`] } });
    await example.stack().up();
    await waitFor(async () => (await client.get(page("/dashboard/"), credentials())).status === 200, {
      message: "the dashboard",
    });
  });

  it("asks for a password, over verified TLS", async () => {
    const asked = await client.get(page("/dashboard/"));
    expect(asked.status).toBe(401);
    expect(asked.headers["www-authenticate"]).toMatch(/^Basic /);
    expect((await client.get(page("/api/overview"), credentials("wrong"))).status).toBe(401);
    const overview = await client.json<{ http: { routers: { errors: number } } }>(
      page("/api/overview"),
      credentials(),
    );
    expect(overview.http.routers.errors).toBe(0);
  });

  it("is named after its stack, and fetches no script from another site", async () => {
    const version = await client.json(page("/api/version"), credentials());
    expect(version).toMatchObject({ dashboardName: namespace, disableDashboardAd: true });
  });

  it("is not served by plain http", async () => {
    const { status, headers } = await client.get(example.url(HOST, "/dashboard/"), credentials());
    expect([status, headers["location"]]).toEqual([301, page("/dashboard/")]);
  });

  it("is found at the host itself", async () => {
    const { status, headers } = await client.get(page("/"), credentials());
    expect([status, headers["location"]]).toEqual([302, "/dashboard/"]);
  });

  it.each(["desktop", "phone"] as const)("has a page of the routers, on a %s", async (viewport) => {
    await browse(address, viewport, async (tab) => {
      await tab.context().setExtraHTTPHeaders(credentials());
      await tab.goto(page("/dashboard/#/http/routers"));
      await tab.getByText("Host(`shop.test`)").waitFor();
      await tab.getByText("prometheus@internal").first().waitFor();
      await waitFor(async () => (await tab.title()) === `HTTP Routers - Traefik Proxy [${namespace}]`, {
        message: "the page's title, with the stack's name",
      });
    });
  });

  it("refuses addresses outside the list, password or not", async () => {
    const ask = `
import socket, ssl, sys
host, port, name, login = sys.argv[1:]
tls = ssl._create_unverified_context().wrap_socket(socket.create_connection((host, int(port)), 10), server_hostname=name)
tls.sendall(f"GET /api/overview HTTP/1.1\\r\\nHost: {name}\\r\\nAuthorization: {login}\\r\\nConnection: close\\r\\n\\r\\n".encode())
print(tls.recv(64).decode().split()[1])`;
    const status = await inPod(
      ask,
      `traefik.${traefik}.svc`,
      String(https),
      HOST,
      credentials().authorization,
    );
    expect(status.trim()).toBe("403");
  });

  it("leaves the password out of previews and state, and previews empty", async () => {
    expect(await example.stack().changes()).toEqual([]);
    expect(example.stack().log).not.toContain(password);
    expect(await example.stack().exported()).not.toContain(password);
  });
});

it("logs a request with its host, path and status, and without what nobody else is to know", async () => {
  await client.get(page("/status/418?token=geheim", "shop.test"), {
    authorization: "Bearer geheim",
    "user-agent": "observer/1",
  });
  const line = await waitFor(
    async () => {
      const lines = await kubectl(
        "logs",
        "--namespace",
        traefik,
        "--selector=app.kubernetes.io/name=traefik",
        "--tail=200",
      );
      return lines.split("\n").find((text) => text.includes("/status/418"));
    },
    { message: "the request in the log" },
  );
  expect(JSON.parse(line)).toMatchObject({
    RequestHost: "shop.test",
    RequestMethod: "GET",
    RequestPath: "/status/418",
    DownstreamStatus: 418,
    ClientHost: await ownAddress(address),
    "request_User-Agent": "observer/1",
  });
  expect(line).not.toContain("geheim");
  expect(line).not.toMatch(/authorization/i);
});

describe("metrics", () => {
  it("count the requests of the app's route", async () => {
    for (let n = 0; n < 3; n++) await client.get(page("/status/204", "shop.test"));
    const fetch =
      "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())";
    const text = await inPod(fetch, await example.stack().output<string>("metrics"));
    const wanted = ["traefik_router_requests_total{", 'code="204"', `router="${namespace}_shop_`];
    const sample = text.split("\n").find((line) => wanted.every((part) => line.includes(part)));
    expect(sample?.split(" ").at(-1)).toBe("3");
  });

  it("are for the cluster alone", async () => {
    const own = await client.get(page("/metrics", "shop.test"));
    expect([own.status, own.body]).toEqual([404, expect.not.stringContaining("traefik_")]);
    expect((await client.get(page("/metrics"), credentials())).status).toBe(404);
    await expect(client.get(`http://${address}:9100/metrics`)).rejects.toThrow(/ECONNREFUSED/);
  });
});
