import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { objects, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-scaling", { program: "examples/scaling" });
const namespace = (): Promise<string> => example().output<string>("namespaceName");

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
  const evictions = await Promise.allSettled(staying.map(({ metadata }) => evict(metadata.name)));
  const refused = evictions.filter((eviction) => eviction.status === "rejected");
  expect(evictions).toHaveLength(3);
  expect(refused).toHaveLength(2);
  for (const { reason } of refused) expect(String(reason)).toContain("disruption budget");
  await waitFor(allowed, { message: "the pod that went to be replaced" });
});

/** What a drain does to each pod of a node. */
async function evict(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${await namespace()}/pods/${name}/eviction`;
  const metadata = { name, namespace: await namespace() };
  const eviction = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata });
  await execa("kubectl", ["create", "--raw", path, "--filename", "-"], { input: eviction });
}
