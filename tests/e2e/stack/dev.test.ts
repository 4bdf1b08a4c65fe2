import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ALERTS } from "../../../components/monitoring/alerts.ts";
import { podMonitorSpec } from "../../../components/monitoring/scraping.ts";
import {
  browse,
  Client,
  conflicts,
  feed,
  kubectl,
  panelQueries,
  Prometheus,
  leftovers,
  TestStack,
  TraceCollector,
  waitFor,
} from "../harness/index.ts";
import { answering, beside, privateKeys, published, type Published } from "./program.ts";
import { found, outputsOf, toTheSecond } from "./record.ts";

const NAME = "e2e-stack";

let stack: TestStack;
let at: Published;
let collector: TraceCollector;

beforeAll(async () => {
  collector = await TraceCollector.start();
  const tracing = { endpoint: collector.endpoint };
  const monitoring = { scraping: { kind: "annotations" } };
  const config = { ...beside(NAME), monitoring, tracing, apps: { hello: { metrics: true } } };
  stack = await TestStack.prepare(NAME, { from: "dev", config });
  await stack.configure({ traefik: { websecure: { http3: true } } });
  await stack.preview();
  await stack.up();
  at = await published(stack);
});

afterAll(async () => {
  await stack.remove();
  await collector.stop();
});

const url = (app: string, path = ""): string => `${at.urls[app] ?? `no URL of ${app}`}${path}`;

describe("routing", () => {
  it("leads to apps by path on one host, on path boundaries only", async () => {
    const titles = async (path: string) => (await at.client.get(url("api", path))).status;
    expect(await titles("")).toBeLessThan(400);
    expect(await titles("/items")).toBe(200);
    expect(await titles("x")).toBe(404);
    expect((await at.client.get(url("guide"))).body).toContain("It works");
  });

  it("leads to apps by host", async () => {
    const { host } = await at.client.json<{ host: string }>(url("hello", "/whoami"));
    expect(host).toBe(new URL(url("hello")).host);
    expect((await at.client.get(url("portal"))).body).toContain("<title>Portal</title>");
  });

  it("answers an unknown host and an unknown path with 404", async () => {
    const anyone = new Client({ address: at.endpoint.address, insecure: true });
    const unknown = `https://nowhere.test:${at.endpoint.https}`;
    expect((await anyone.get(unknown)).status).toBe(404);
    expect((await at.client.get(new URL("/nothing", url("api")).href)).status).toBe(404);
    await anyone.close();
  });
});

describe("TLS", () => {
  it("is verified with the exported authority, for every app", async () => {
    for (const app of Object.keys(at.urls)) expect((await at.client.get(url(app))).status).toBeLessThan(400);
  });

  it("is refused by whoever does not trust the authority", async () => {
    const stranger = new Client({ address: at.endpoint.address });
    await expect(stranger.get(url("hello"))).rejects.toThrow(/certificate|self-signed/);
    await stranger.close();
  });

  it("is where plain http is sent to, same path, on the port that clients reach", async () => {
    for (const app of ["api", "hello"]) {
      const { host, pathname } = new URL(url(app));
      const plain = `http://${host.replace(/:\d+$/, "")}:${at.endpoint.http}${pathname}`;
      const { status, headers } = await at.client.get(`${plain.replace(/\/$/, "")}/items?limit=1`);
      expect([301, 308]).toContain(status);
      expect(headers["location"]).toBe(`${url(app)}/items?limit=1`);
    }
  });
});

describe("the FastAPI app", () => {
  it("sees its paths without the prefix, and makes links with it", async () => {
    const seen = await at.client.json<{ root_path: string; scheme: string; url: string }>(
      url("api", "/whoami"),
    );
    expect(seen).toMatchObject({ root_path: "/api", scheme: "https", url: url("api", "/whoami") });
    const root = await at.client.get(url("api", "/"));
    expect(new URL(root.headers["location"] ?? "", url("api")).href).toBe(url("api", "/docs"));
    const { servers } = await at.client.json<{ servers: unknown }>(url("api", "/openapi.json"));
    expect(servers).toEqual([{ url: "/api" }]);
  });

  it("validates what it is sent", async () => {
    const headers = { "content-type": "application/json" };
    const { status } = await at.client.request(url("api", "/items"), { method: "POST", headers, body: "{}" });
    expect(status).toBe(422);
  });

  it.each(["phone", "desktop"] as const)("is tried out from its docs page, on a %s", async (viewport) => {
    await browse(at.endpoint.address, viewport, async (page) => {
      await page.goto(url("api", "/docs"));
      const operation = page.locator(".opblock", { hasText: "/whoami" });
      await operation.locator(".opblock-summary-control").click();
      await operation.getByRole("button", { name: "Try it out" }).click();
      await operation.getByRole("button", { name: "Execute", exact: true }).click();
      const response = operation.locator(".live-responses-table .response");
      await response.first().waitFor();
      expect(await response.locator(".response-col_status").first().textContent()).toContain("200");
      expect(await operation.locator(".request-url pre").textContent()).toBe(url("api", "/whoami"));
    });
  });
});

describe("the portal", () => {
  it.each(["phone", "desktop"] as const)(
    "lists the apps with their URLs and health, on a %s",
    async (viewport) => {
      await browse(at.endpoint.address, viewport, async (page) => {
        await page.goto(url("portal"));
        await page.locator('#summary[data-state="up"]').waitFor();
        const cards = page.locator("#cards .card");
        const links = await cards
          .locator("a.title")
          .evaluateAll((found) => found.map((link) => link.getAttribute("href")));
        expect(links.sort()).toEqual(["api", "guide", "hello"].map((app) => url(app)).sort());
        expect(await cards.locator('.state[data-state="up"]').count()).toBe(3);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
      });
    },
  );

  it("shows that an app is down, and up again", async () => {
    const scale = (replicas: number) =>
      kubectl("--namespace", `slipway-${NAME}`, "scale", "deployment/hello", `--replicas=${replicas}`);
    await browse(at.endpoint.address, "desktop", async (page) => {
      const state = page.locator(".card", { hasText: "Hello" }).locator(".state");
      await page.goto(url("portal"));
      await scale(0);
      await expect.poll(() => state.getAttribute("data-state"), { timeout: 60_000 }).toMatch(/down|failing/);
      await scale(1);
      await expect.poll(() => state.getAttribute("data-state"), { timeout: 60_000 }).toBe("up");
    });
    await answering(at.client, url("hello"));
  });

  it("hands out the certificate authority", async () => {
    expect((await at.client.get(url("portal", "/ca.crt"))).body.trim()).toBe(at.ca.trim());
  });
});

describe("Prometheus", () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await Prometheus.find();
  });
  afterAll(() => prometheus.close());

  const namespace = `slipway-${NAME}`;
  const up = (app: string, where = namespace): string =>
    `up{namespace="${where}",app_kubernetes_io_name="${app}"} == 1`;

  it("finds Traefik, and the app that has metrics, and takes the alerts as they are", async () => {
    for (const expression of [up("hello"), up("traefik", `${namespace}-traefik`)]) {
      await waitFor(async () => (await prometheus.query(expression)).length > 0, { message: expression });
    }
    expect(await prometheus.query(up("guide"))).toEqual([]);
    const rules = await waitFor(
      async () => {
        const rules = await prometheus.rules();
        return rules.every(({ health }) => health === "ok") && rules;
      },
      { message: "rules that are evaluated" },
    );
    expect(rules.map(({ name }) => name)).toEqual(["AppGone", "AppFails", "AppSlow", "CertificateEnds"]);
  });

  it("has what each panel of the dashboard shows: requests, errors and durations of each app", async () => {
    const fails = async (): Promise<void> => {
      for (const status of [200, 200, 503]) await at.client.get(url("hello", `/status/${status}`));
    };
    for (const [title, expression] of panelQueries(`${namespace}.*hello.*`)) {
      await waitFor(
        async () => {
          await fails();
          const samples = await prometheus.query(expression);
          return samples.length > 0 && samples.every(({ value }) => value[1] !== "NaN");
        },
        { message: `${title}: ${expression}` },
      );
    }
    const own = `http_server_request_duration_seconds_count{namespace="${namespace}",http_response_status_code="503"}`;
    expect(await prometheus.query(own)).not.toEqual([]);
  });

  it("is told the same by objects that Prometheus Operator's definitions allow", async () => {
    const metadata = { namespace, name: "hello" };
    const apiVersion = "monitoring.coreos.com/v1";
    const pods = podMonitorSpec({ a: "b" }, { http: 8080 }, { port: 9464 }, { interval: 30 });
    for (const object of [
      { apiVersion, kind: "PodMonitor", metadata, spec: pods },
      { apiVersion, kind: "PrometheusRule", metadata, spec: ALERTS },
    ]) {
      await feed(object, "create", "--dry-run=server", "--validate=strict");
    }
  });

  it("alerts when an app goes away, and no longer when it is back", async () => {
    const isGone = async (): Promise<boolean> =>
      (await prometheus.firing()).some(
        ({ labels }) => labels["alertname"] === "AppGone" && labels["namespace"] === namespace,
      );
    const scale = (replicas: number) =>
      kubectl("--namespace", namespace, "scale", "deployment/hello", `--replicas=${replicas}`);
    expect(await isGone()).toBe(false);
    await scale(0);
    await waitFor(isGone, { message: "the alert", deadline: 90_000 });
    await scale(1);
    await waitFor(async () => !(await isGone()), { message: "the alert's end", deadline: 90_000 });
    await answering(at.client, url("hello"));
  });
});

it("leads one trace from the edge to the app, and goes on with the client's", async () => {
  const client = "0af7651916cd43dd8448eb211c80319c";
  const begun = { traceparent: `00-${client}-b7ad6b7169203331-01` };
  const parts = (trace: string): string[] =>
    collector.spans.filter((span) => span.trace === trace).map(({ service }) => service);
  for (const headers of [{}, begun]) {
    const seen = await at.client.json<{ headers: { traceparent: string } }>(url("hello", "/whoami"), headers);
    const [, trace = "", parent] = seen.headers.traceparent.split("-");
    if (headers === begun) expect(trace).toBe(client);
    await waitFor(() => [`slipway-${NAME}`, "hello"].every((service) => parts(trace).includes(service)), {
      message: `the trace ${trace} of Traefik and the app`,
    });
    const app = collector.spans.find(({ service, trace: its }) => service === "hello" && its === trace);
    expect(app?.parent).toBe(parent);
    expect(collector.spans.find(({ id }) => id === parent)?.service).toBe(`slipway-${NAME}`);
  }
});

it("speaks HTTP/3 to a browser that does, at the port of https", async () => {
  const { host } = new URL(url("hello"));
  const { headers } = await at.client.get(url("hello", "/whoami"));
  expect(headers["alt-svc"]).toContain(`h3=":${at.endpoint.https}"`);
  await browse(
    at.endpoint.address,
    "desktop",
    async (page) => {
      await page.goto(url("hello", "/whoami"));
      const [protocol] = await page.evaluate<string[]>(
        "performance.getEntriesByType('navigation').map(({ nextHopProtocol }) => nextHopProtocol)",
      );
      expect(protocol).toBe("h3");
      expect(await page.innerText("body")).toContain("hostname");
    },
    { quic: host },
  );
});

describe("the engine", () => {
  it("previews an unchanged program empty", async () => {
    expect(await stack.changes()).toEqual([]);
  });

  it("previews a changed replica count as an update of that one Deployment", async () => {
    await stack.configure({ apps: { hello: { replicas: 2 } } });
    expect(await stack.changes()).toEqual([
      { op: "update", resource: "kubernetes:apps/v1:Deployment hello", properties: ["spec.replicas"] },
    ]);
    await stack.configure({ apps: { hello: { replicas: 1 } } });
  });

  it("conflicts with no run that goes by another name", async () => {
    expect(await conflicts(stack)).toEqual([]);
  });

  it("records what it has deployed as one thing: where it is, who is trusted, certificates, images and versions", async () => {
    const deployed = await found(NAME, at.endpoint.address, at.ca);
    expect(toTheSecond(await stack.outputs())).toEqual(outputsOf(NAME, deployed));
  });

  it("shows no private key in its output, and stores none in plain", async () => {
    expect(stack.log).toContain("BEGIN CERTIFICATE");
    expect(privateKeys(stack.log)).toEqual([]);
    const exported = await stack.exported();
    expect(exported).toContain("kubernetes.io/tls");
    expect(privateKeys(exported)).toEqual([]);
  });

  it("leaves nothing behind on destroy", async () => {
    await stack.destroy();
    await waitFor(async () => (await leftovers(NAME, `slipway-${NAME}`)).length === 0, {
      message: "an empty cluster",
      deadline: 10_000,
    });
  });
});
