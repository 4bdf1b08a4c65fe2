import { expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { run, sourceOf } from "../program/stack.ts";

const tracing = { endpoint: "http://collector.observability.svc:4318/", sampleRate: 0.25 };
const apps = {
  api: { image: "fastapi" },
  quiet: { image: "fastapi", tracing: false },
  shop: { image: "x:1", tracing: true, namespace: "shop" },
  site: { image: "x:1" },
};

type Made = Awaited<ReturnType<typeof run>>;

function env(made: Made, name: string): Record<string, unknown> {
  const { spec } = made.one("kubernetes:apps/v1:Deployment", name).inputs as {
    spec: { template: { spec: { containers: { env?: { name: string; value?: unknown }[] }[] } } };
  };
  const all = spec.template.spec.containers[0]?.env ?? [];
  return Object.fromEntries(
    all.filter(({ name }) => name.startsWith("OTEL_")).map(({ name, value }) => [name, value]),
  );
}

it("tells Traefik and the apps that can where traces go", async () => {
  const made = await run("dev", { tracing, apps });
  expect(made.one("kubernetes:helm.sh/v4:Chart").inputs).toMatchObject({
    values: {
      tracing: {
        serviceName: "slipway-test",
        sampleRate: 0.25,
        otlp: {
          enabled: true,
          http: { enabled: true, endpoint: "http://collector.observability.svc:4318/v1/traces" },
        },
      },
    },
  });
  expect(env(made, "api")).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: tracing.endpoint,
    OTEL_SERVICE_NAME: "api",
    OTEL_RESOURCE_ATTRIBUTES: "service.namespace=slipway-test,deployment.environment.name=test",
  });
  expect(env(made, "shop")).toMatchObject({
    OTEL_SERVICE_NAME: "shop",
    OTEL_RESOURCE_ATTRIBUTES: "service.namespace=slipway-test-shop,deployment.environment.name=test",
  });
  for (const app of ["quiet", "site"]) expect(env(made, app)).toEqual({});
});

it("sends nothing anywhere unless it is told", async () => {
  const made = await run("dev");
  const { values } = made.one("kubernetes:helm.sh/v4:Chart").inputs as { values: object };
  expect(values).not.toHaveProperty("tracing");
  expect(env(made, "api")).toEqual({});
});

it("refuses a collector that is none, and an app whose traces would go nowhere", () => {
  const mistakes = (keys: Record<string, unknown>): string[] => {
    try {
      readConfig(sourceOf(keys));
    } catch (error) {
      const [, ...lines] = (error as Error).message.split("\n");
      return lines.map((line) => line.trim());
    }
    return [];
  };
  expect(mistakes({ tracing: { endpoint: "collector:4317", sampleRate: 2 } })).toEqual([
    'tracing.endpoint: "collector:4317" must be a URL with http or https',
    "tracing.sampleRate: 2 must be from 0 to 1",
  ]);
  expect(mistakes({ tracing: { endpoint: "http://c:4318/v1/traces" } })).toEqual([
    'tracing.endpoint: "http://c:4318/v1/traces" must be without the path /v1/traces, query and fragment',
  ]);
  expect(mistakes({ apps: { a: { image: "x:1", tracing: true } } })).toEqual([
    "apps.a.tracing: true needs the stack's tracing, which says where traces go",
  ]);
});
