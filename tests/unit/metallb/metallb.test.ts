import { describe, expect, it } from "vitest";

import { MetalLB, type MetalLBArgs } from "../../../components/metallb/index.ts";
import { poolSize } from "../../../components/metallb/pool.ts";
import { isUnreachable } from "../../../components/base/webhook.ts";
import { record } from "../mocks.ts";

const pools = { lab: { addresses: ["192.0.2.100-192.0.2.125"] } };
const metallb = (args: Partial<MetalLBArgs> = {}) =>
  record(() => new MetalLB("metallb", { stack: { project: "slipway", stack: "dev" }, pools, ...args }));

const CHART = "kubernetes:helm.sh/v4:Chart";
const POOL = "kubernetes:metallb.io/v1beta1:IPAddressPool";
const ADVERTISEMENT = "kubernetes:metallb.io/v1beta1:L2Advertisement";

const labels = {
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};

it("installs the official chart, pinned, without BGP", async () => {
  const { inputs } = (await metallb()).one(CHART);
  expect(inputs).toMatchObject({
    chart: "metallb",
    version: "0.15.2",
    repositoryOpts: { repo: "https://metallb.github.io/metallb" },
    namespace: "metallb-system",
    values: { speaker: { frr: { enabled: false } }, frrk8s: { enabled: false } },
  });
});

it("takes its images from a registry with a password, which is there before its pods", async () => {
  const registry = { registry: "registry.example", username: "ci", password: "secret" };
  const made = await metallb({ imageRegistry: "registry.example/mirror", registry });
  const { inputs, dependsOn } = made.one(CHART);
  expect(inputs).toMatchObject({
    values: {
      imagePullSecrets: [{ name: "registry" }],
      controller: { image: { repository: "registry.example/mirror/metallb/controller" } },
      speaker: { image: { repository: "registry.example/mirror/metallb/speaker" }, frr: { enabled: false } },
    },
  });
  expect(dependsOn).toContain("metallb-registry");
  expect(made.one("kubernetes:core/v1:Secret").inputs).toMatchObject({
    metadata: { name: "registry", namespace: "metallb-system" },
    type: "kubernetes.io/dockerconfigjson",
  });
});

it("takes a directory as the chart, with its own version", async () => {
  const { inputs } = (await metallb({ chart: { chart: "./metallb" } })).one(CHART);
  expect(inputs).toMatchObject({ chart: "./metallb" });
  expect(inputs).not.toHaveProperty("version");
  expect(inputs).not.toHaveProperty("repositoryOpts");
});

it("makes and announces the pools once the chart's webhook is there", async () => {
  const made = await metallb({ interfaces: ["eth0"] });
  const pool = made.one(POOL);
  expect(pool.inputs).toEqual({
    apiVersion: "metallb.io/v1beta1",
    kind: "IPAddressPool",
    metadata: { name: "lab", namespace: "metallb-system", labels },
    spec: { addresses: ["192.0.2.100-192.0.2.125"] },
  });
  expect(pool.dependsOn).toContain("metallb-chart");
  const advertisement = made.one(ADVERTISEMENT);
  expect(advertisement.inputs["spec"]).toEqual({ ipAddressPools: ["lab"], interfaces: ["eth0"] });
  expect(advertisement.dependsOn).toContain("metallb-pool-lab");
});

it("makes only the pools where MetalLB is there already", async () => {
  const made = await metallb({ install: false });
  expect(made.resources.map(({ type }) => type).sort()).toEqual([
    POOL,
    ADVERTISEMENT,
    "slipway:metallb:MetalLB",
  ]);
});

it("lets only its own namespace run privileged pods", async () => {
  const { inputs } = (await metallb({ namespace: "lb" })).one("kubernetes:core/v1:Namespace");
  expect(inputs["metadata"]).toEqual({
    name: "lb",
    labels: { ...labels, "pod-security.kubernetes.io/enforce": "privileged" },
  });
});

describe("pools", () => {
  it.each([
    ["192.0.2.100-192.0.2.125", 26n],
    ["192.0.2.96/27", 32n],
    ["2001:db8::1 - 2001:db8::ffff", 65_535n],
    ["::ffff:192.0.2.1/128", 1n],
  ])("%s has %d addresses", (range, size) => {
    expect(poolSize({ addresses: [range] })).toBe(size);
  });

  it.each<[MetalLBArgs["pools"], string]>([
    [{}, "pools: must hold at least one pool"],
    [{ Lab: { addresses: ["192.0.2.0/24"] } }, 'pools.Lab: "Lab" must be a DNS label'],
    [{ lab: { addresses: [] } }, "pools.lab.addresses: must hold at least one range"],
    [{ lab: { addresses: ["192.0.2.1"] } }, '"192.0.2.1" must be a range'],
    [{ lab: { addresses: ["192.0.2.9-192.0.2.1"] } }, '"192.0.2.9-192.0.2.1" must be a range'],
    [{ lab: { addresses: ["192.0.2.1-2001:db8::1"] } }, "must be a range"],
    [{ lab: { addresses: ["127.0.0.0/24"] } }, '"127.0.0.0/24" must not be a loopback address'],
    [
      { lab: { addresses: ["192.0.2.0/25"] }, more: { addresses: ["192.0.2.127-192.0.2.130"] } },
      '"192.0.2.127-192.0.2.130" overlaps 192.0.2.0/25 of pools.lab.addresses',
    ],
  ])("refuses %j", async (wrong, message) => {
    await expect(metallb({ pools: wrong })).rejects.toThrow(message);
  });
});

it("tells a webhook that does not answer yet from one that refuses", () => {
  const prefix =
    'Internal error occurred: failed calling webhook "ipaddresspoolvalidationwebhook.metallb.io"';
  expect(isUnreachable(`${prefix}: connect: connection refused`)).toBe(true);
  expect(
    isUnreachable('admission webhook "ipaddresspoolvalidationwebhook.metallb.io" denied the request'),
  ).toBe(false);
});
