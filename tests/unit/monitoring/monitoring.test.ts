import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { monitoringFiles } from "../../../scripts/monitoring.ts";
import { root, run, sourceOf } from "../program/stack.ts";

type Made = Awaited<ReturnType<typeof run>>;

const apps = {
  api: { image: "fastapi", metrics: true },
  shop: { image: "x:1", ports: { http: 8080, admin: 9000 }, metrics: { port: 9000, path: "/stats" } },
  site: { image: "x:1" },
};
const POD_MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

interface Template {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly {
      readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      readonly env: readonly { readonly name: string; readonly value?: string }[];
    }[];
  };
}

const template = (made: Made, name: string): Template =>
  (made.one("kubernetes:apps/v1:Deployment", name).inputs as { spec: { template: Template } }).spec.template;

const values = ({ inputs }: ReturnType<Made["one"]>) =>
  (inputs as { values: { metrics: { prometheus: object | null } } }).values;

it("has a Prometheus find pods by annotations, and Traefik's with them", async () => {
  const made = await run("dev", { monitoring: { scraping: { kind: "annotations" } }, apps });
  expect(template(made, "api").metadata.annotations).toMatchObject({
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9464",
    "prometheus.io/path": "/metrics",
  });
  expect(template(made, "shop").metadata.annotations).toMatchObject({
    "prometheus.io/port": "9000",
    "prometheus.io/path": "/stats",
  });
  expect(template(made, "site").metadata.annotations ?? {}).not.toHaveProperty("prometheus.io/scrape");
  const [container] = template(made, "api").spec.containers;
  expect(container?.ports).toEqual([
    { name: "http", containerPort: 8080, protocol: "TCP" },
    { name: "metrics", containerPort: 9464, protocol: "TCP" },
  ]);
  expect(container?.env).toContainEqual({ name: "METRICS_PORT", value: "9464" });
  // Nobody but a Prometheus has business there.
  expect(made.one("kubernetes:core/v1:Service", "api").inputs).toMatchObject({
    spec: { ports: [{ name: "http", port: 80 }] },
  });
  expect(values(made.one("kubernetes:helm.sh/v4:Chart")).metrics.prometheus).not.toBeNull();
  expect(made.all(POD_MONITOR)).toEqual([]);
});

it("has Prometheus Operator find them, by the labels that it selects", async () => {
  const scraping = { kind: "monitor", labels: { release: "prometheus" }, interval: "30s" };
  const made = await run("dev", { monitoring: { scraping }, apps });
  const monitors = made.all(POD_MONITOR).map(({ name, inputs }) => [name, inputs] as const);
  expect(monitors.map(([name]) => name).sort()).toEqual(["api", "shop", "traefik"]);
  expect(Object.fromEntries(monitors)).toMatchObject({
    api: {
      metadata: { name: "api", namespace: "slipway-test", labels: { release: "prometheus" } },
      spec: {
        selector: {
          matchLabels: { "app.kubernetes.io/name": "api", "app.kubernetes.io/instance": "slipway-test" },
        },
        podTargetLabels: ["app.kubernetes.io/name", "app.kubernetes.io/part-of"],
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
      },
    },
    shop: { spec: { podMetricsEndpoints: [{ port: "admin", path: "/stats", interval: "30s" }] } },
    traefik: {
      metadata: { namespace: "slipway-test-traefik" },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "traefik" } },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
      },
    },
  });
  expect(template(made, "api").metadata.annotations ?? {}).not.toHaveProperty("prometheus.io/scrape");
  const rules = made.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs;
  expect(rules).toMatchObject({
    metadata: { name: "slipway", namespace: "slipway-test-traefik", labels: { release: "prometheus" } },
    spec: { groups: [{ name: "slipway" }] },
  });
});

it("measures nothing that nobody asked for", async () => {
  const made = await run("dev");
  expect(values(made.one("kubernetes:helm.sh/v4:Chart")).metrics.prometheus).toBeNull();
  expect(template(made, "api").spec.containers[0]?.env.map(({ name }) => name)).not.toContain("METRICS_PORT");
});

it("refuses what a Prometheus would not find", () => {
  const mistakes = (keys: Record<string, unknown>): string[] => {
    try {
      readConfig(sourceOf(keys));
    } catch (error) {
      return (error as Error).message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    }
    return [];
  };
  expect(
    mistakes({ monitoring: { scraping: { kind: "annotations" } }, traefik: { metrics: false } }),
  ).toEqual(["traefik.metrics: false is what monitoring looks at"]);
  expect(
    mistakes({ monitoring: { scraping: { kind: "monitor", interval: "1.5s", labels: { "a b": "c" } } } }),
  ).toEqual([
    'monitoring.scraping.interval: "1.5s" must be whole seconds or a duration, such as "30s" or "1m"',
    expect.stringMatching(/^monitoring\.scraping\.labels\.a b: must be a label's key/),
  ]);
  const app = (metrics: unknown, more = {}) => mistakes({ apps: { a: { image: "x:1", metrics, ...more } } });
  expect(app({ port: 70_000 })).toEqual([expect.stringMatching(/^apps\.a\.metrics\.port: 70000 must be/)]);
  expect(app({ path: "metrics" })).toEqual([
    expect.stringMatching(/^apps\.a\.metrics\.path: "metrics" must/),
  ]);
  expect(app({ port: 9000 }, { ports: { http: 80, metrics: 9001 } })).toEqual([
    "apps.a.metrics.port: 9000 is another than that of ports.metrics",
  ]);
  expect(app(true, { workload: { kind: "job" } })).toEqual([
    expect.stringMatching(/^apps\.a\.metrics: is for what serves/),
  ]);
});

it("keeps the alerts' file as they are", () => {
  for (const [path, text] of Object.entries(monitoringFiles())) {
    expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
  }
});
