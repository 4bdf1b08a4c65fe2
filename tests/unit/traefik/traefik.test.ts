import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";

import { crdReference } from "../../../components/route/traefik-names.ts";
import { onWorkload } from "../../../components/traefik/release.ts";
import { Traefik, type TraefikArgs } from "../../../components/traefik/traefik.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { type Recording, record, resolved } from "../mocks.ts";

const args = {
  stack: { project: "slipway", stack: "dev" },
  namespace: "slipway-dev-traefik",
  service: { type: "NodePort" as const },
  web: { nodePort: 30_350 },
  websecure: { nodePort: 31_971 },
} satisfies TraefikArgs;

const CHART = "kubernetes:helm.sh/v4:Chart";
const CRDS = "kubernetes:yaml/v2:ConfigGroup";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";

const labels = {
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};
const appLabels = {
  ...labels,
  "app.kubernetes.io/name": "traefik",
  "app.kubernetes.io/instance": "slipway-dev",
};

const traefik = (more: Partial<TraefikArgs> = {}, preview = false): Promise<Recording<Traefik>> =>
  record(() => new Traefik("traefik", { ...args, ...more }), { preview });

describe("Traefik", () => {
  test("is a namespace, the CRDs, the chart, the default TLS options and a route to be ready by", async () => {
    const made = await traefik();
    expect(made.resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      `${NAMESPACE} traefik-namespace`,
      `${CHART} traefik-chart`,
      `${ROUTE} traefik-ready`,
      "kubernetes:traefik.io/v1alpha1:TLSOption traefik-tls-options",
      `${CRDS} traefik-crds`,
      "slipway:traefik:Traefik traefik",
    ]);
  });

  test("tells when the engine has its pods: once the chart's workload has come by", async () => {
    const tell = vi.fn();
    const transform = onWorkload(tell);
    const passes = async (type: string) => {
      const answer = transform({ custom: true, type, name: "traefik", props: {}, opts: {} });
      expect([answer, tell.mock.calls.length]).toEqual([undefined, 0]);
      await new Promise(setImmediate);
      return tell.mock.calls.length;
    };
    expect(await passes("kubernetes:core/v1:ServiceAccount")).toBe(0);
    expect(await passes("kubernetes:apps/v1:Deployment")).toBe(1);
  });

  test("tells it also where nothing is rendered, so that nobody waits for ever", async () => {
    await expect((await traefik()).value.registered).resolves.toBeUndefined();
  });

  test("takes the official chart, pinned, without its CRDs", async () => {
    const made = await traefik();
    expect(made.one(CHART).inputs).toEqual({
      name: "traefik",
      namespace: "slipway-dev-traefik",
      chart: "traefik",
      version: "41.3.0",
      repositoryOpts: { repo: "https://traefik.github.io/charts" },
      skipCrds: true,
      values: traefikValues(args),
    });
  });

  test("previews with every value known", async () => {
    const made = await traefik({}, true);
    expect(made.one(CHART).inputs).toEqual((await traefik()).one(CHART).inputs);
  });

  test.each([
    ["a directory", { chart: "/charts/traefik" }, { chart: "/charts/traefik" }],
    ["a directory beside the program", { chart: "./traefik" }, { chart: "./traefik" }],
    [
      "an OCI reference",
      { chart: "oci://registry.example.com/charts/traefik", version: "41.2.0" },
      { chart: "oci://registry.example.com/charts/traefik", version: "41.2.0" },
    ],
    [
      "a mirror",
      { repository: "https://mirror.example.com/charts" },
      { chart: "traefik", version: "41.3.0", repositoryOpts: { repo: "https://mirror.example.com/charts" } },
    ],
  ])("takes the chart from %s", async (_name, chart, expected) => {
    const { inputs } = (await traefik({ chart })).one(CHART);
    expect(inputs).toEqual({
      name: "traefik",
      namespace: "slipway-dev-traefik",
      skipCrds: true,
      values: traefikValues(args),
      ...expected,
    });
  });

  test("lives in a restricted namespace, a privileged one on the host's network", async () => {
    const enforce = "pod-security.kubernetes.io/enforce";
    expect((await traefik()).one(NAMESPACE).inputs).toMatchObject({
      metadata: { name: "slipway-dev-traefik", labels: { ...labels, [enforce]: "restricted" } },
    });
    const host = await traefik({ hostNetwork: true, service: {}, web: {}, websecure: {} });
    expect(host.one(NAMESPACE).inputs).toMatchObject({ metadata: { labels: { [enforce]: "privileged" } } });
  });

  test("goes after what depends on it and before its CRDs and namespace", async () => {
    const made = await traefik();
    expect(made.one(CHART).dependsOn).toEqual(["traefik-crds", "traefik-namespace"]);
    expect(made.one("kubernetes:traefik.io/v1alpha1:TLSOption").dependsOn).toEqual([
      "traefik-crds",
      "traefik-namespace",
    ]);
  });

  test("redirects to an https port that Kubernetes picks by a route of its own, below every other", async () => {
    const redirect = (more: Partial<TraefikArgs> = {}): Promise<Recording<Traefik>> =>
      record(() => new Traefik("traefik", { ...args, web: {}, websecure: {}, ...more }), {
        outputs: ({ type }) => (type === CHART ? { resources: [] } : {}),
      });
    const made = await redirect();
    const metadata = { name: "redirect-to-https", namespace: "slipway-dev-traefik", labels: appLabels };
    const route = (priority: number): object => ({
      apiVersion: "traefik.io/v1alpha1",
      kind: "IngressRoute",
      metadata,
      spec: {
        ingressClassName: "slipway-dev",
        entryPoints: ["web"],
        routes: [
          {
            kind: "Rule",
            match: "PathPrefix(`/`)",
            priority,
            middlewares: [{ name: "redirect-to-https" }],
            services: [{ kind: "TraefikService", name: "noop@internal" }],
          },
        ],
      },
    });
    expect(made.one(MIDDLEWARE).inputs).toMatchObject({
      metadata,
      spec: { redirectScheme: { scheme: "https", permanent: true } },
    });
    expect(made.one(ROUTE, "traefik-redirect-route").inputs).toEqual(route(-2_147_483_648));
    const all = await redirect({ redirect: "all" });
    expect(all.one(ROUTE, "traefik-redirect-route").inputs).toEqual(route(2_147_483_647));
    expect((await redirect({ redirect: "none" })).all(MIDDLEWARE)).toEqual([]);
    expect((await traefik()).all(MIDDLEWARE)).toEqual([]);
  });

  test("leaves the CRDs to their owner", async () => {
    const made = await traefik({ crds: "external" });
    expect(made.all(CRDS)).toEqual([]);
    expect(made.one(CHART).dependsOn).toEqual(["traefik-namespace"]);
  });

  test("installs only the traefik.io CRDs, from wherever they are", async () => {
    const [url] = (await traefik()).one(CRDS).inputs["files"] as string[];
    expect(url).toMatch(/\/traefik\/v3\.7\.11\/.*\/kubernetes-crd-definition-v1\.yml$/);
    const own = await traefik({ crdFiles: ["/charts/traefik/crds/traefik.io_*.yaml"] });
    expect(own.one(CRDS).inputs).toEqual({ files: ["/charts/traefik/crds/traefik.io_*.yaml"] });
  });

  test("is ready when it has read its routes, and waits for nothing that waits for it", async () => {
    const ready = (await traefik()).one(ROUTE);
    expect(ready.dependsOn).toEqual(["traefik-crds", "traefik-namespace"]);
    expect(ready.inputs).toMatchObject({
      metadata: { name: "ready", namespace: "slipway-dev-traefik", labels: appLabels },
      spec: {
        ingressClassName: "slipway-dev",
        entryPoints: ["traefik"],
        routes: [
          {
            kind: "Rule",
            match: "Path(`/ready`)",
            services: [{ kind: "TraefikService", name: "ping@internal" }],
          },
        ],
      },
    });
  });

  test("keeps the CRDs of a cluster that has use for them", async () => {
    let options: ComponentResourceOptions = {};
    await traefik({ retainCrds: true, transform: { crds: (_crds, opts) => void (options = opts) } });
    const [retain] = options.transforms ?? [];
    const crd = { type: "", name: "", custom: true, props: { spec: {} }, opts: { protect: true } };
    expect(await retain?.(crd)).toEqual({
      props: { spec: {} },
      opts: { protect: true, retainOnDelete: true },
    });
  });

  test("leaves its pods as they are when the stack's expiry is put off", async () => {
    let options: ComponentResourceOptions = {};
    await traefik({ transform: { chart: (_chart, opts) => void (options = opts) } });
    const labels = { "app.kubernetes.io/name": "traefik" };
    const dated = { labels: { ...labels, "slipway.dev/expires": "2027-01-31" } };
    const given = { metadata: dated, spec: { replicas: 1, template: { metadata: dated, spec: {} } } };
    const type = "kubernetes:apps/v1:Deployment";
    let props: object = given;
    for (const transform of options.transforms ?? []) {
      props = (await transform({ type, name: "", custom: true, props, opts: {} }))?.props ?? props;
    }
    const template = { metadata: { labels }, spec: {} };
    expect(props).toEqual({ metadata: dated, spec: { replicas: 1, template } });
  });

  test("names its objects for annotations as it does itself", async () => {
    await expect(resolved(crdReference("shop", "login"))).resolves.toBe("shop_login@kubernetescrd");
  });

  test("asks for TLS 1.2 where a route says nothing", async () => {
    const options = (await traefik()).one("kubernetes:traefik.io/v1alpha1:TLSOption").inputs;
    expect(options).toMatchObject({
      metadata: { name: "default", namespace: "slipway-dev-traefik", labels: appLabels },
      spec: { minVersion: "VersionTLS12" },
    });
    const strict = await traefik({ tls: { minVersion: "VersionTLS13", sniStrict: true } });
    expect(strict.one("kubernetes:traefik.io/v1alpha1:TLSOption").inputs).toMatchObject({
      spec: { minVersion: "VersionTLS13", sniStrict: true },
    });
  });

  test("makes a class for each provider that is on, the stack's by label", async () => {
    const made = await traefik({ providers: { kubernetesIngressNGINX: true, kubernetesGateway: true } });
    expect(made.one("kubernetes:networking.k8s.io/v1:IngressClass").inputs).toMatchObject({
      metadata: { name: "slipway-dev-nginx", labels: appLabels },
      spec: { controller: "slipway.dev/ingress-nginx-slipway-dev" },
    });
    expect(made.one("kubernetes:gateway.networking.k8s.io/v1:GatewayClass").inputs).toMatchObject({
      metadata: { name: "slipway-dev", labels: appLabels },
      spec: { controllerName: "traefik.io/gateway-controller" },
    });
    await expect(resolved(made.value.nginxIngressClass)).resolves.toBe("slipway-dev-nginx");
    await expect(resolved(made.value.gatewayClass)).resolves.toBe("slipway-dev");
  });

  test("tells what routes and users need", async () => {
    const { value } = await traefik();
    await expect(resolved(value.namespace)).resolves.toBe("slipway-dev-traefik");
    await expect(resolved(value.ingressClass)).resolves.toBe("slipway-dev");
    await expect(resolved(value.serviceName)).resolves.toBe("traefik");
    await expect(resolved(value.ports)).resolves.toEqual({ http: 30_350, https: 31_971 });
    await expect(resolved(value.loadBalancer)).resolves.toBeUndefined();
    expect(value.gatewayClass).toBeUndefined();
  });

  test("lets its children be changed", async () => {
    const made = await traefik({
      transform: {
        namespace: (namespace) => ({ ...namespace, metadata: { name: "elsewhere" } }),
        chart: (chart, opts) => {
          opts.retainOnDelete = true;
          return { ...chart, skipAwait: true };
        },
        crds: (crds) => ({ ...crds, skipAwait: true }),
      },
    });
    expect(made.one(NAMESPACE).inputs).toMatchObject({ metadata: { name: "elsewhere" } });
    expect(made.one(CHART)).toMatchObject({ inputs: { skipAwait: true }, retainOnDelete: true });
    expect(made.one(CRDS).inputs).toMatchObject({ skipAwait: true });
  });

  test("makes nothing of wrong arguments", async () => {
    await expect(traefik({ web: { nodePort: 80 } })).rejects.toThrow(
      "web.nodePort: 80 must be from 30000 to 32767",
    );
  });
});
