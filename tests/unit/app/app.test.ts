import type * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { App, type AppSpec, CertificateAuthority, Namespace, Platform } from "../../../components/index.ts";
import type { PlatformArgs } from "../../../components/platform/index.ts";
import { record, resolved } from "../mocks.ts";

const stack = { project: "shop", stack: "test" };

/** An app on a platform of its own. */
function deploy(spec: Partial<AppSpec>, given: Partial<PlatformArgs> = {}): App {
  const key = { algorithm: "ECDSA" } as const;
  const authority = new CertificateAuthority("ca", { key, subject: { commonName: "CA" }, validityDays: 30 });
  const platform = new Platform("platform", {
    stack,
    tls: { authority, certificates: { key, validityDays: 20 } },
    ...given,
  });
  const namespace = new Namespace("shop-test", { stack, objectName: "shop-test" });
  return new App("web", { platform, namespace, image: "web:1", hosts: ["shop.example"], ...spec });
}

/** What providers add: PEM of the tls provider, and the chart's resources. */
const outputs = ({ type }: pulumi.runtime.MockResourceArgs) => {
  if (type.startsWith("tls:")) return { certPem: "pem", certRequestPem: "request", privateKeyPem: "key" };
  return type.endsWith(":Chart") ? { resources: [] } : {};
};

const run = (spec: Partial<AppSpec> = {}, given?: Partial<PlatformArgs>) =>
  record(() => deploy(spec, given), { outputs });

const SERVICE = "kubernetes:core/v1:Service";
const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";

it("is a Service, pods, a certificate and a route under one name", async () => {
  const made = await run();
  expect(made.one(SERVICE).inputs).toMatchObject({
    metadata: { name: "web", namespace: "shop-test" },
    spec: { type: "ClusterIP", ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }] },
  });
  const names = made.resources
    .filter(({ type }) => /Deployment$|Secret$|IngressRoute$/.test(type) && type.startsWith("kubernetes"))
    .map(({ inputs }) => (inputs.metadata as { name: string }).name);
  expect(names).toEqual(expect.arrayContaining(["web", "shop.example-tls"]));
  expect(await resolved(made.value.url ?? "")).toBe("https://shop.example");
});

it("does not wait for a Service whose pods are waited for", async () => {
  const made = await run();
  expect(made.one(SERVICE).inputs).toMatchObject({
    metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
  });
});

it("has no route, certificate or URL without a host", async () => {
  const made = await run({ hosts: [] });
  expect(made.all(ROUTE).filter(({ name }) => name.startsWith("web"))).toEqual([]);
  expect(made.all("kubernetes:core/v1:Secret")).toEqual([]);
  expect(made.value.url).toBeUndefined();
});

it("links to the host where the path is a regular expression", async () => {
  const made = await run({ path: "/v[0-9]+", pathType: "regex" });
  expect(await resolved(made.value.url ?? "")).toBe("https://shop.example");
});

it("leads a headless Service to the container's port, where Traefik goes by its endpoints", async () => {
  const made = await run({ exposure: { kind: "headless" } });
  expect(made.one(SERVICE).inputs.spec).toMatchObject({
    clusterIP: "None",
    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
  });
});

it("opens a node port on the first of its ports", async () => {
  const made = await run({
    ports: { http: 8080, admin: { port: 9000, protocol: "UDP" } },
    nodePort: 30_007,
    servicePort: 8000,
  });
  const { type, ports } = made.one(SERVICE).inputs.spec as { type: string; ports: unknown[] };
  expect(type).toBe("NodePort");
  expect(ports).toEqual([
    { name: "http", port: 8000, targetPort: "http", protocol: "TCP", nodePort: 30_007 },
    { name: "admin", port: 9000, targetPort: "admin", protocol: "UDP" },
  ]);
});

it("leaves the number of pods to an autoscaler", async () => {
  const made = await run({ autoscaling: { maxReplicas: 5, cpu: 70 } });
  expect(made.one("kubernetes:apps/v1:Deployment", "web").inputs.spec).not.toHaveProperty("replicas");
  expect(made.one("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").inputs).toMatchObject({
    spec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef: { name: "web" } },
  });
});

it("keeps all pods but one while nodes are drained, where told to", async () => {
  const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
  expect((await run({ replicas: 3 })).all(BUDGET)).toEqual([]);
  const made = await run({ replicas: 3, disruptionBudget: true });
  expect(made.one(BUDGET).inputs).toMatchObject({ spec: { maxUnavailable: 1 } });
  const kept = await run({ replicas: 3, disruptionBudget: { minAvailable: 2 } });
  expect(kept.one(BUDGET).inputs).toMatchObject({ spec: { minAvailable: 2 } });
});

it("hides nothing that it was told: a variable of the user's wins over the root path", async () => {
  const spec = { path: "/api", stripPrefix: true, rootPathEnv: "ROOT" };
  const text = async (more: Partial<AppSpec>) =>
    JSON.stringify((await run({ ...spec, ...more })).one("kubernetes:apps/v1:Deployment", "web").inputs);
  expect(await text({})).toContain('{"name":"ROOT","value":"/api"}');
  expect(await text({ env: { ROOT: "/other" } })).toContain('{"name":"ROOT","value":"/other"}');
  expect(await text({ stripPrefix: false, rootPathEnv: undefined })).not.toContain("ROOT");
});

it("selects its pods by its own name and the stack's", async () => {
  const made = await run();
  const { spec } = made.one("kubernetes:apps/v1:Deployment", "web").inputs as { spec: { selector: unknown } };
  expect(spec.selector).toEqual({
    matchLabels: { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop-test" },
  });
});

it("reports its mistakes together", async () => {
  const wrong = run({ path: "api", stripPrefix: true, replicas: -1, probes: { readiness: "ready" } });
  await expect(wrong).rejects.toThrow(
    [
      "app web:",
      "  replicas: -1 must be a whole number from 0",
      '  probes.readiness: "ready" must begin with "/" and have no space, "?" or "#"',
      '  path: "api" must begin with "/" and have no space, "?" or "#"',
    ].join("\n"),
  );
});

it("asks for tls where the dashboard is to be seen", async () => {
  const dashboard = { host: "t.example", basicAuth: { users: { a: "b" } }, allow: ["10.0.0.0/8"] };
  await expect(run({}, { tls: false, dashboard })).rejects.toThrow(
    'dashboard: "t.example" needs tls: its password must not travel readable',
  );
});

it("is reached at the address given, which Ingresses then show", async () => {
  const args = { stack, tls: false, address: "198.18.77.2" } as const;
  const made = await record(() => new Platform("platform", args), { outputs });
  expect(await resolved(made.value.endpoint)).toEqual({ address: "198.18.77.2", http: 80, https: undefined });
  expect(JSON.stringify(made.one("kubernetes:helm.sh/v4:Chart").inputs)).toContain("198.18.77.2");
});
