import { describe, expect, it } from "vitest";

import { execIn, kubectl, objects, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-stateful", { program: "examples/stateful" });
const namespace = (): Promise<string> => example().output<string>("namespaceName");

interface Pod {
  readonly name: string;
  readonly ip: string;
  readonly created: number;
  readonly ready: number;
  readonly version: string;
}

/** Pods of one of the example's workloads, by name. */
async function pods(app: string): Promise<Pod[]> {
  const found = await objects("pods", "--namespace", await namespace(), `-lapp.kubernetes.io/name=${app}`);
  return found
    .map(({ metadata, ...pod }) => {
      const { podIP, conditions = [] } = pod["status"] as {
        podIP: string;
        conditions?: { type: string; status: string; lastTransitionTime: string }[];
      };
      const ready = conditions.find(({ type, status }) => type === "Ready" && status === "True");
      const { containers } = pod["spec"] as { containers: { env: { name: string; value: string }[] }[] };
      return {
        name: metadata.name,
        ip: podIP,
        created: Date.parse((metadata as unknown as { creationTimestamp: string }).creationTimestamp),
        ready: ready === undefined ? Number.NaN : Date.parse(ready.lastTransitionTime),
        version: containers[0]?.env.find(({ name }) => name === "APP_VERSION")?.value ?? "",
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** What a pod finds in DNS. */
const lookup = async (host: string): Promise<string[]> => {
  const answer = await execIn(await namespace(), "db-0", ["getent", "ahosts", host]);
  return [
    ...new Set(
      answer
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/)[0] ?? ""),
    ),
  ].sort();
};

describe("a StatefulSet", () => {
  it("starts its pods one after another, each when the one before is ready", async () => {
    const started = await pods("db");
    expect(started.map(({ name }) => name)).toEqual(["db-0", "db-1", "db-2"]);
    for (const [index, { created }] of started.entries()) {
      const before = started[index - 1];
      if (before) expect(created).toBeGreaterThanOrEqual(before.ready);
    }
    expect(await example().changes()).toEqual([]);
  });

  it("has names in DNS for its pods, which they keep", async () => {
    const service = await example().output<string>("headlessService");
    const address = async (name: string) => (await pods("db")).find((pod) => pod.name === name)?.ip;
    for (const name of ["db-0", "db-1", "db-2"]) {
      expect(await lookup(`${name}.${service}`)).toEqual([await address(name)]);
    }
    expect(await lookup(service)).toEqual((await pods("db")).map(({ ip }) => ip).sort());

    await kubectl("delete", "pod", "db-1", "--namespace", await namespace(), "--wait");
    await waitFor(
      async () =>
        (await pods("db")).every(({ ready }) => !Number.isNaN(ready)) && (await pods("db")).length === 3,
      {
        message: "db-1 to come back",
      },
    );
    const again = [await address("db-1")];
    await waitFor(async () => JSON.stringify(await lookup(`db-1.${service}`)) === JSON.stringify(again), {
      message: "DNS to lead to the new db-1",
    });
  });

  it("updates its pods from the last to the first", async () => {
    await example().configure({ version: "2" });
    await example().up();
    // The provider's wait takes a status from before the update for the new one, now and then.
    const updated = await waitFor(
      async () => {
        const found = await pods("db");
        return found.length === 3 && found.every(({ version }) => version === "2") && found;
      },
      { message: "three pods of version 2" },
    );
    const [first, second, third] = updated.map(({ created }) => created) as [number, number, number];
    expect(third).toBeLessThanOrEqual(second);
    expect(second).toBeLessThanOrEqual(first);
  });

  it("ends the last ones when it shrinks", async () => {
    await example().configure({ replicas: 1 });
    await example().up();
    await waitFor(async () => (await pods("db")).map(({ name }) => name).join() === "db-0", {
      message: "db-0 alone to be left",
    });
  });
});

it("a DaemonSet has a pod on every node, which an update replaces", async () => {
  const nodes = (await objects("nodes")).map(({ metadata }) => metadata.name).sort();
  const placed = async () =>
    (await objects("pods", "--namespace", await namespace(), "-lapp.kubernetes.io/name=agent"))
      .map(({ spec }) => (spec as { nodeName: string }).nodeName)
      .sort();
  expect(await placed()).toEqual(nodes);
  expect((await pods("agent")).map(({ version }) => version)).toEqual(nodes.map(() => "2"));
});
