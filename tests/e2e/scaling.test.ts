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

describe("a disruption budget", () => {
  it("lets a drain have one pod at a time", async () => {
    const [first, second] = await objects(
      "pods",
      "--namespace",
      await namespace(),
      "--field-selector=status.phase=Running",
    );
    await waitFor(
      async () => {
        const [budget] = await objects("pdb/web", "--namespace", await namespace());
        return (budget?.["status"] as { disruptionsAllowed: number }).disruptionsAllowed === 1;
      },
      { message: "one disruption to be allowed" },
    );
    await evict(first?.metadata.name ?? "");
    await expect(evict(second?.metadata.name ?? "")).rejects.toThrow(/disruption budget/);
    await waitFor(
      async () => {
        const [budget] = await objects("pdb/web", "--namespace", await namespace());
        return (budget?.["status"] as { disruptionsAllowed: number }).disruptionsAllowed === 1;
      },
      { message: "the evicted pod to be replaced" },
    );
  });
});

/** What a drain does to each pod of a node. */
async function evict(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${await namespace()}/pods/${name}/eviction`;
  const metadata = { name, namespace: await namespace() };
  const eviction = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata });
  await execa("kubectl", ["create", "--raw", path, "--filename", "-"], { input: eviction });
}
