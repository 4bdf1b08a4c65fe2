import { describe, expect, it } from "vitest";

import { execIn, kubectl, objects, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-stateful", { program: "examples/stateful" });

// Asked once: the engine takes a second to say it.
let known: Promise<string> | undefined;
const namespace = (): Promise<string> => (known ??= example().namespace());

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

/** The claims of the example by name, with their volumes. */
async function claims(): Promise<Record<string, string>> {
  const found = await objects("persistentvolumeclaims", "--namespace", await namespace());
  for (const { metadata, status } of found)
    expect((status as { phase: string }).phase, metadata.name).toBe("Bound");
  return Object.fromEntries(
    found.map(({ metadata, spec }) => [metadata.name, (spec as { volumeName: string }).volumeName]),
  );
}

/** Names of the volumes that were made for claims in a namespace, whether or not those are still there. */
async function volumes(of: string): Promise<string[]> {
  return (await objects("persistentvolumes"))
    .filter(({ spec }) => (spec as { claimRef?: { namespace: string } }).claimRef?.namespace === of)
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** Versions of the app that have started on the volume of a pod, in order. */
async function starts(pod: string): Promise<string[]> {
  const lines = await execIn(await namespace(), pod, ["cat", "/data/starts"]);
  return lines
    .trim()
    .split("\n")
    .map((line) => line.replace(/^.* version /, ""));
}

/** Waits until the pods of `db` are ready: one of each name, of this version. */
const ready = (names: readonly string[], version: string): Promise<readonly Pod[]> =>
  // The provider's wait takes a status from before the update for the new one, now and then.
  waitFor(
    async () => {
      const found = await pods("db");
      const good = found.every((pod) => pod.version === version && !Number.isNaN(pod.ready));
      return good && found.map(({ name }) => name).join() === names.join() && found;
    },
    { message: `${names.join(", ")} of version ${version}` },
  );

const ALL = ["db-0", "db-1", "db-2"];

describe("a StatefulSet", () => {
  it("starts its pods one after another, each when the one before is ready", async () => {
    const started = await pods("db");
    expect(started.map(({ name }) => name)).toEqual(ALL);
    for (const [index, { created }] of started.entries()) {
      const before = started[index - 1];
      if (before) expect(created).toBeGreaterThanOrEqual(before.ready);
    }
    expect(await example().changes()).toEqual([]);
  });

  it("has a volume for each of its pods, which may write to it", async () => {
    const { notes, ...own } = await claims();
    expect(notes).toBeDefined();
    expect(Object.keys(own)).toEqual(["data-db-0", "data-db-1", "data-db-2"]);
    expect(new Set(Object.values(own)).size).toBe(3);
    for (const name of ALL) expect(await starts(name)).toEqual(["1"]);
  });

  it("has names in DNS for its pods, which they keep, and their volumes with them", async () => {
    const service = await example().output<string>("headlessService");
    const address = async (name: string) => (await pods("db")).find((pod) => pod.name === name)?.ip;
    for (const name of ALL) {
      expect(await lookup(`${name}.${service}`)).toEqual([await address(name)]);
    }
    expect(await lookup(service)).toEqual((await pods("db")).map(({ ip }) => ip).sort());

    await kubectl("delete", "pod", "db-1", "--namespace", await namespace(), "--wait");
    await ready(ALL, "1");
    expect(await starts("db-1")).toEqual(["1", "1"]);
    const again = [await address("db-1")];
    await waitFor(async () => JSON.stringify(await lookup(`db-1.${service}`)) === JSON.stringify(again), {
      message: "DNS to lead to the new db-1",
    });
  });

  it("updates its pods from the last to the first, each on its old volume", async () => {
    await example().configure({ version: "2" });
    await example().up();
    const updated = await ready(ALL, "2");
    const [first, second, third] = updated.map(({ created }) => created) as [number, number, number];
    expect(third).toBeLessThanOrEqual(second);
    expect(second).toBeLessThanOrEqual(first);
    expect(await starts("db-0")).toEqual(["1", "2"]);
    expect(await starts("db-1")).toEqual(["1", "1", "2"]);
  });

  it("ends the last ones when it shrinks, and gives them their volumes back when it grows", async () => {
    const before = await claims();
    await example().configure({ replicas: 1 });
    await example().up();
    await ready(["db-0"], "2");
    expect(await claims()).toEqual(before);
    await example().configure({ replicas: 3 });
    await example().up();
    await ready(ALL, "2");
    expect(await claims()).toEqual(before);
    expect(await starts("db-2")).toEqual(["1", "2", "2"]);
  });

  it("is not replaced for what cannot change: its volumes would go with it", async () => {
    const before = await pods("db");
    await example().configure({ storage: "2Gi" });
    const printed = example().log.length;
    await expect(example().up()).rejects.toThrow();
    expect(example().log.slice(printed)).toContain(
      `kubectl delete statefulset db --namespace ${await namespace()} --cascade=orphan, then pulumi up --refresh`,
    );
    await example().configure({ storage: undefined });
    expect(await example().changes()).toEqual([]);
    expect(await pods("db")).toEqual(before);
  });
});

it("a Deployment finds its volume again", async () => {
  expect(await starts("deployment/notes")).toEqual(["1", "2"]);
});

it("a DaemonSet has a pod on every node, which an update replaces", async () => {
  // Another suite may have a node of its own, which is tainted.
  const nodes = (await objects("nodes"))
    .filter(({ spec }) =>
      ((spec as { taints?: { key: string }[] }).taints ?? []).every(({ key }) =>
        key.endsWith("/control-plane"),
      ),
    )
    .map(({ metadata }) => metadata.name)
    .sort();
  const placed = async () =>
    (await objects("pods", "--namespace", await namespace(), "-lapp.kubernetes.io/name=agent"))
      .map(({ spec }) => (spec as { nodeName: string }).nodeName)
      .sort();
  expect(await placed()).toEqual(nodes);
  expect((await pods("agent")).map(({ version }) => version)).toEqual(nodes.map(() => "2"));
});

describe("destroying", () => {
  it("takes a StatefulSet's claims along, where the namespace stays, and their volumes", async () => {
    const of = await namespace();
    const { notes = "" } = await claims();
    await example().destroy("**kubernetes:apps/v1:StatefulSet::db");
    await waitFor(async () => Object.keys(await claims()).join() === "notes", {
      message: "the claims of db to go",
    });
    await waitFor(async () => (await volumes(of)).join() === notes, { message: "the volumes of db to go" });
  });

  it("leaves no volume", async () => {
    const of = await namespace();
    await example().destroy();
    expect(await objects("persistentvolumeclaims", "--namespace", of)).toEqual([]);
    await waitFor(async () => (await volumes(of)).length === 0, { message: `the volumes of ${of} to go` });
  });
});
