import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Cluster } from "../../cli/cluster/cluster.ts";
import { awaitNodePorts } from "../../cli/recover/node-ports.ts";
import { toolchainLayout } from "../../lab/toolchain/index.ts";
import { apply, ControlPlane, waitFor } from "../e2e/harness/index.ts";

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30_123 }] },
};

const resource = {
  urn: "urn:pulumi:s::p::kubernetes:core/v1:Service::web",
  type: "kubernetes:core/v1:Service",
  custom: true,
  inputs: service,
};

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await ControlPlane.start(join(toolchainLayout().programs, "kubernetes"), { controllers: false });
  cluster = await Cluster.open();
});

afterAll(async () => {
  await cluster.close();
  await plane.stop();
});

it("recover waits until the API server lets go of a node port whose Service it never made", async () => {
  // Where a request is cut off between the two, the port is written and the Service is not.
  await apply(service);
  await plane.lose("/registry/services/specs/default/web");
  await waitFor(
    async () => (await cluster.get({ ...service, name: "web", namespace: "default" })) === undefined,
    {
      message: "the API server to know no Service",
    },
  );
  await expect(apply(service)).rejects.toThrow(/provided port is already allocated/);

  const told: string[] = [];
  const begun = Date.now();
  expect(await awaitNodePorts(cluster, [resource], (text) => told.push(text))).toEqual([]);
  console.log(`after ${Math.round((Date.now() - begun) / 1000)} s`);
  expect(told).toEqual([
    "Kubernetes holds node port 30123 for a Service default/web that it never made, and lets go of it by itself within ten minutes; waiting for that.",
  ]);
  await apply(service);
});
