import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { feed, kubectl, objects, TestStack, waitFor } from "./harness/index.ts";

const NAME = "e2e-scheduling";

/** A second node, which is an object and no machine: pods are placed there and never started. */
const NODE = "e2e-scheduling-node";
const POOL = { "slipway.dev/e2e-pool": "reserved" };
const TAINT = { key: "slipway.dev/e2e-reserved", effect: "NoSchedule" };

let stack: TestStack;
const namespace = `scheduling-${NAME}`;

beforeAll(async () => {
  await removeNode();
  // The example's own defaults fit any cluster: each of these fits none.
  stack = await TestStack.prepare(NAME, {
    program: "examples/scheduling",
    config: {
      nodeSelector: POOL,
      architectures: ["s390x"],
      spreadOver: "slipway.dev/no-such-label",
      progressDeadlineSeconds: 10,
      labels: { team: "store", tier: "front" },
    },
  });
});

afterAll(async () => {
  await removeNode();
  await stack.remove();
});

const APPS = ["attracted", "important", "selected", "spread"];

/** Deployments that a query of labels finds. */
const chosen = async (query: string): Promise<string[]> =>
  (await objects("deployments", "--namespace", namespace, `--selector=${query}`))
    .map(({ metadata }) => metadata.name)
    .sort();

interface Pod {
  readonly name: string;
  readonly nodeName: string | undefined;
  readonly priority: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: string;
  /** What the scheduler says, while there is no node. */
  readonly waitsFor: string;
}

/** Pods of an app that are not ending. */
async function pods(app: string): Promise<Pod[]> {
  const found = await objects("pods", "--namespace", namespace, `-lapp.kubernetes.io/name=${app}`);
  return found
    .filter(({ metadata }) => !("deletionTimestamp" in metadata))
    .map(({ metadata: { name, labels = {} }, ...pod }) => {
      const { nodeName, priority } = pod["spec"] as Pick<Pod, "nodeName" | "priority">;
      const { phase, conditions = [] } = pod["status"] as {
        phase: string;
        conditions?: { type: string; message?: string }[];
      };
      const waitsFor = conditions.find(({ type }) => type === "PodScheduled")?.message ?? "";
      return { name, labels, nodeName, priority, phase, waitsFor };
    });
}

describe("pods that no node will do for", () => {
  it("wait, and `up` fails in time with the scheduler's reason", async () => {
    const begun = Date.now();
    await expect(stack.up()).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(45_000);
    const none = (app: string, pods: string, reason: string): string =>
      `${pods} of ${namespace}/${app} without a node: 0/1 nodes are available: 1 node(s) ${reason}`;
    expect(stack.log).toContain(none("selected", "1 pod", "didn't match Pod's node affinity/selector"));
    expect(stack.log).toContain(none("attracted", "1 pod", "didn't match Pod's node affinity/selector"));
    expect(stack.log).toContain(none("spread", "2 pods", "didn't match pod topology spread constraints"));
    expect((await pods("selected")).map(({ phase }) => phase)).toEqual(["Pending"]);
  });

  it("are kept off a tainted node, unless they put up with the taint", async () => {
    await makeNode();
    const kept = async (): Promise<boolean> =>
      (await pods("selected")).some(({ waitsFor }) => waitsFor.includes("untolerated taint"));
    await waitFor(kept, { message: "the taint to be what pods wait for" });

    await stack.configure({
      architectures: undefined,
      spreadOver: undefined,
      progressDeadlineSeconds: 60,
      tolerations: [{ ...TAINT, operator: "Exists" }],
    });
    const rollout = stack.up();
    const placed = waitFor(
      async () => (await pods("selected")).find(({ nodeName }) => nodeName === NODE)?.name,
      { message: "a pod on the tainted node" },
    );
    // Nobody runs pods there, and `up` waits for one that does.
    await Promise.all([rollout, placed.then(sayReady)]);
  });
});

describe("a namespace with a quota and limits", () => {
  /** What the API server makes of a pod, or why it refuses it. */
  async function asked(name: string, resources: object): Promise<string> {
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: `${namespace}-bounded` },
      spec: { containers: [{ name, image: "registry.invalid/none", resources, securityContext }] },
    };
    const args = ["create", "--dry-run=server", "--output=jsonpath={.spec.containers[0].resources}"];
    const { all } = await execa("kubectl", [...args, "--filename=-"], {
      input: JSON.stringify(pod),
      all: true,
      reject: false,
    });
    return all;
  }

  it("fills in what a container does not ask for, and refuses one that wants too much", async () => {
    expect(JSON.parse(await asked("plain", { limits: { memory: "64Mi" } }))).toEqual({
      limits: { cpu: "200m", memory: "64Mi" },
      requests: { cpu: "20m", memory: "64Mi" },
    });
    expect(await asked("wide", { limits: { cpu: "2", memory: "64Mi" } })).toContain(
      "maximum cpu usage per Container is 1, but limit is 2",
    );
    expect(await asked("high", { limits: { memory: "4Gi" } })).toContain(
      "exceeded quota: slipway, requested: limits.memory=4Gi",
    );
  });
});

it("a PriorityClass puts pods first", async () => {
  expect((await pods("important")).map(({ priority }) => priority)).toEqual([1000]);
  expect((await pods("spread")).map(({ priority }) => priority)).toEqual([0, 0]);
});

it("selectors and Deployments stay, whatever changes of the app", async () => {
  const identities = async () =>
    (await objects("deployments", "--namespace", namespace)).map(({ metadata, ...deployment }) => {
      const { selector } = deployment["spec"] as { selector: object };
      return { name: metadata.name, uid: metadata.uid, selector };
    });
  const before = await identities();
  expect(await chosen("team in (store, shop), tier")).toEqual(APPS);
  await stack.configure({
    nodeSelector: undefined,
    tolerations: undefined,
    labels: { team: "shop", tier: undefined },
  });
  const changed = await stack.changes();
  expect(changed.map(({ op }) => op)).toEqual(Array(5).fill("update"));
  const rollout = stack.up();
  await Promise.all([rollout, rollout.then(removeNode, removeNode)]);
  expect(await identities()).toEqual(before);
  const relabelled = async (): Promise<boolean> => {
    const all = (await Promise.all(APPS.map(pods))).flat();
    return (
      all.length === 5 && all.every(({ labels, phase }) => labels["team"] === "shop" && phase === "Running")
    );
  };
  await waitFor(relabelled, { message: "every pod to run with the new label" });
  // One label changed in place, the other was removed.
  expect(await chosen("team in (store, shop)")).toEqual(APPS);
  expect(await chosen("team notin (store), !tier")).toEqual(APPS);
  expect(await chosen("team!=shop")).toEqual([]);
  expect(await chosen("tier")).toEqual([]);
});

/** Makes the node, by what the kubelet says of its own: that it is ready, and has room for one small pod. */
async function makeNode(): Promise<void> {
  const room = { cpu: "200m", memory: "512Mi", pods: "2" };
  // Otherwise the controller manager takes it for the node of this name that an earlier run had, and has not heard of since.
  const ready = { type: "Ready", status: "True", lastHeartbeatTime: new Date().toISOString() };
  const made = {
    apiVersion: "v1",
    kind: "Node",
    // Without the label that every kubelet sets, no DaemonSet of the cluster's own comes here, and suites do not count it.
    metadata: { name: NODE, labels: POOL },
    spec: { taints: [TAINT] },
    status: { capacity: room, allocatable: room, conditions: [ready] },
  };
  await feed(made, "create");
}

/** Says of a pod what its kubelet would once it runs. */
async function sayReady(pod: string): Promise<void> {
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: "True" }));
  const patch = JSON.stringify({ status: { phase: "Running", conditions } });
  await kubectl("patch", "pod", pod, "--namespace", namespace, "--subresource=status", "--patch", patch);
}

/** Removes the node, and the pods that nobody would end there. */
async function removeNode(): Promise<void> {
  await kubectl("delete", "node", NODE, "--ignore-not-found");
  await kubectl(
    "delete",
    "pods",
    "--namespace",
    namespace,
    `--field-selector=spec.nodeName=${NODE}`,
    "--force",
    "--ignore-not-found",
  );
}
