import { expect, it } from "vitest";

import { Exposure, Service, type ServiceArgs } from "../../../components/service/index.ts";
import { record, resolved } from "../mocks.ts";

const stack = { project: "slipway", stack: "dev" };
const make = (args: Partial<ServiceArgs>) =>
  record(() => new Service("api", { stack, namespace: "shop", target: "api", ports: { http: 80 }, ...args }));

const SERVICE = "kubernetes:core/v1:Service";
const SLICE = "kubernetes:discovery.k8s.io/v1:EndpointSlice";
const labels = {
  "app.kubernetes.io/name": "api",
  "app.kubernetes.io/instance": "slipway-dev",
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};

it("leads to the app's pods by the short form of a port, without waiting", async () => {
  const made = await make({});
  expect(made.one(SERVICE).inputs).toEqual({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "api",
      namespace: "shop",
      labels,
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": "api", "app.kubernetes.io/instance": "slipway-dev" },
      ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
    },
  });
  expect(await resolved(made.value.dns)).toBe("api.shop.svc");
  expect(made.value.ports).toEqual({ http: 80 });
});

it("keeps further labels out of the selector", async () => {
  const { metadata, spec } = (await make({ labels: { tier: "web" } })).one(SERVICE).inputs as {
    metadata: { labels: object };
    spec: { selector: object };
  };
  expect(metadata.labels).toEqual({ ...labels, tier: "web" });
  expect(spec.selector).not.toHaveProperty("tier");
});

it("makes an EndpointSlice for addresses given by hand, and no selector", async () => {
  const made = await make({
    target: undefined,
    ports: { http: { port: 80, targetPort: 8080 } },
    endpoints: ["192.0.2.1", "192.0.2.2"],
  });
  expect(made.one(SERVICE).inputs["spec"]).toEqual({
    type: "ClusterIP",
    ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP" }],
  });
  expect(made.one(SLICE).inputs).toEqual({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "api",
      namespace: "shop",
      labels: {
        ...labels,
        "kubernetes.io/service-name": "api",
        "endpointslice.kubernetes.io/managed-by": "slipway.dev",
      },
    },
    addressType: "IPv4",
    endpoints: [
      { addresses: ["192.0.2.1"], conditions: { ready: true } },
      { addresses: ["192.0.2.2"], conditions: { ready: true } },
    ],
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  });
});

it("waits for a load balancer's address, for as long as the exposure says, and gives it out", async () => {
  const made = await record(
    () =>
      new Service("api", {
        stack,
        namespace: "shop",
        target: "api",
        ports: { http: 80 },
        exposure: Exposure.loadBalancer({ timeoutSeconds: 30 }),
      }),
    { outputs: () => ({ status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } } }) },
  );
  const service = made.one(SERVICE);
  expect(service.customTimeouts).toMatchObject({ create: "30s", update: "30s" });
  expect(service.inputs["metadata"]).not.toHaveProperty("annotations");
  expect(await resolved(made.value.loadBalancerAddress)).toBe("192.0.2.9");
});

it("gives out the node ports, given or picked", async () => {
  const made = await make({
    exposure: Exposure.nodePort(),
    ports: { http: { port: 80, nodePort: 30_007 }, metrics: 9100 },
  });
  expect(await resolved(made.value.nodePorts)).toEqual({ http: 30_007 });
});

it("refuses an external address that is a node's", async () => {
  const exposure = Exposure.externalIPs(["192.0.2.7", "2001:db8::1"]);
  await expect(make({ exposure, nodeAddresses: ["192.0.2.7", "2001:db8:0:0::1"] })).rejects.toThrow(
    /"192.0.2.7" is a node's own address[^]*"2001:db8::1" is a node's own address/,
  );
  const made = await make({ exposure, nodeAddresses: ["192.0.2.1"] });
  expect(made.one(SERVICE).inputs["spec"]).toMatchObject({ externalIPs: ["192.0.2.7", "2001:db8::1"] });
});

it("reports every mistake at once, before anything is made", async () => {
  await expect(
    make({
      objectName: "Api",
      exposure: Exposure.externalIPs(["127.0.0.1"]),
      ports: { http: { port: 0, nodePort: 80 } },
      sessionAffinity: { timeoutSeconds: 0 },
    }),
  ).rejects.toThrow(/service Api:[^]*name:[^]*ports.http.port:[^]*ports.http.nodePort:[^]*loopback[^]*86400/);
});

it("lets a transform change the object", async () => {
  const made = await make({
    transform: { service: (args) => ({ ...args, spec: { clusterIP: "198.19.128.80" } }) },
  });
  expect(made.one(SERVICE).inputs["spec"]).toEqual({ clusterIP: "198.19.128.80" });
});
