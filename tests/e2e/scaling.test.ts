import { describe, expect, it } from "vitest";

import { ApiServer } from "../../cli/cluster/api-server.ts";
import { Client, type KubeObject, loadDuring, objects, site, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-scaling", { program: "examples/scaling" });
const namespace = (): Promise<string> => example().namespace();

const replicas = async (): Promise<number> => {
  const [deployment] = await objects("deployment/web", "--namespace", await namespace());
  return (deployment?.["spec"] as { replicas: number }).replicas;
};

describe("an autoscaler", () => {
  it("sets the number of pods, which is no drift", async () => {
    await waitFor(async () => (await replicas()) === 2, { message: "the autoscaler's least, 2" });
    expect(await example().changes()).toEqual([]);
  });

  it("keeps it when the Deployment is updated", async () => {
    await example().configure({ minReplicas: 3 });
    await example().up();
    await waitFor(async () => (await replicas()) === 3, { message: "the autoscaler's new least, 3" });
    await example().configure({ version: "2" });
    expect(await example().changes()).toEqual([
      {
        op: "update",
        resource: "kubernetes:apps/v1:Deployment web",
        properties: [expect.stringMatching(/^spec\.template/)],
      },
    ]);
    await example().up();
    expect(await replicas()).toBe(3);
    expect(await example().changes()).toEqual([]);
  });
});

it("a disruption budget lets a drain have one pod at a time", async () => {
  const allowed = async (): Promise<boolean> => {
    const [budget] = await objects("pdb/web", "--namespace", await namespace());
    const { disruptionsAllowed, currentHealthy } = budget?.["status"] as Record<string, number>;
    return disruptionsAllowed === 1 && currentHealthy === 3;
  };
  await waitFor(allowed, { message: "one of three pods to be free to go" });
  const pods = await objects("pods", "--namespace", await namespace());
  const staying = pods.filter(({ metadata }) => !("deletionTimestamp" in metadata));
  const evictions = await evict(staying);
  const refused = evictions.filter((eviction) => eviction.status === "rejected");
  expect(evictions).toHaveLength(3);
  expect(refused).toHaveLength(2);
  for (const { reason } of refused) expect(String(reason)).toContain("disruption budget");
  await waitFor(allowed, { message: "the pod that went to be replaced" });
});

it("load makes it more pods, which is no drift", async () => {
  const { nodeAddress: address } = site().endpoint;
  const { http } = await example().output<{ http: number }>("nodePorts");
  const client = new Client({ address });
  const least = await replicas();
  await waitFor(async () => ((await use()) ?? 100) < TARGET, { message: "the use at rest to be measured" });
  expect(await replicas()).toBe(least);

  // The load ends as soon as the number has risen; the lab measures every fifteen seconds.
  const risen = waitFor(async () => (await replicas()) > least, {
    message: `more than ${least} pods under load`,
    deadline: 90_000,
  });
  await loadDuring(risen, client, `http://${address}:${http}/`, { requests: 1 });
  await client.close();
  expect(await use()).toBeGreaterThan(TARGET);
  expect(await example().changes()).toEqual([]);
});

/** Percentage of its request that the example keeps a pod at. */
const TARGET = 70;

/** What the autoscaler has measured last; `undefined` before. */
async function use(): Promise<number | undefined> {
  const [autoscaler] = await objects("hpa/web", "--namespace", await namespace());
  const { currentMetrics = [] } = autoscaler?.["status"] as {
    currentMetrics?: readonly { resource?: { current: { averageUtilization?: number } } }[] | null;
  };
  return currentMetrics?.[0]?.resource?.current.averageUtilization;
}

/** What a drain does to the pods of a node, to all at once: before one that went is replaced. */
async function evict(pods: readonly KubeObject[]): Promise<PromiseSettledResult<unknown>[]> {
  const server = await ApiServer.open({});
  try {
    return await Promise.allSettled(
      pods.map(({ metadata: { name, namespace = "" } }) =>
        server.text(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
          method: "POST",
          body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } },
        }),
      ),
    );
  } finally {
    await server.close();
  }
}
