import { describe, expect, it } from "vitest";

import type { KubeObject, ObjectMeta } from "../../../cli/cluster/object.ts";
import { isIndependent, stackSelector } from "../../../cli/recover/astray.ts";
import { pluginOf } from "../../../cli/recover/orphans.ts";
import { ownership } from "../../../cli/recover/ownership.ts";
import { describeStep, lookups, type Planned, planRecovery } from "../../../cli/recover/plan.ts";
import { createsOf, withActualNames } from "../../../cli/recover/planned.ts";
import type { Checkpoint, PendingOperation } from "../../../cli/state/checkpoint.ts";
import type { StateResource } from "../../../cli/state/resource.ts";
import { objectKey, refOf } from "../../../kubernetes/object.ts";

const URN = "urn:pulumi:dev::slipway::";
const PROVIDER = `${URN}pulumi:providers:kubernetes::kubernetes`;
const labels = { "slipway.dev/project": "slipway", "slipway.dev/stack": "dev", app: "web" };

const provider: StateResource = {
  urn: PROVIDER,
  type: "pulumi:providers:kubernetes",
  custom: true,
  id: "1",
};
const app: StateResource = { urn: `${URN}slipway:app:App::web`, type: "slipway:app:App", custom: false };

const deployment = (more: Partial<StateResource> = {}): StateResource => ({
  urn: `${URN}slipway:app:App$kubernetes:apps/v1:Deployment::web`,
  type: "kubernetes:apps/v1:Deployment",
  custom: true,
  parent: app.urn,
  provider: `${PROVIDER}::1`,
  inputs: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", labels },
    spec: { replicas: 2 },
  },
  ...more,
});

const live = (metadata: Partial<ObjectMeta> = {}, more: object = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "shop",
    uid: "0123456789",
    creationTimestamp: "2026-11-25T13:00:00Z",
    labels,
    managedFields: [{ manager: "pulumi-kubernetes-5fc3d263", operation: "Apply" }],
    ...metadata,
  },
  spec: { replicas: 2, progressDeadlineSeconds: 600 },
  ...more,
});

const checkpoint = (
  resources: readonly StateResource[],
  pending: readonly PendingOperation[] = [],
): Checkpoint => ({
  version: 3,
  deployment: { manifest: { time: "2026-11-25T13:00:00Z" }, resources, pending_operations: pending },
});

const plan = (given: Checkpoint, objects: readonly KubeObject[], planned: Planned = []) =>
  planRecovery({
    checkpoint: given,
    planned,
    live: new Map(objects.map((object) => [objectKey(refOf(object)), object])),
  });

const resources = (made: ReturnType<typeof plan>): readonly StateResource[] =>
  made.checkpoint?.deployment.resources ?? [];

describe("an interrupted create", () => {
  const interrupted = checkpoint([provider, app], [{ type: "creating", resource: deployment() }]);

  it("whose object is there, and the stack's, goes into the state", () => {
    const made = plan(interrupted, [live()]);
    expect(made.steps.map(describeStep)).toEqual([
      "took over Deployment shop/web: it has the stack's labels",
    ]);
    expect(resources(made)).toEqual([
      provider,
      app,
      {
        ...deployment(),
        id: "shop/web",
        outputs: {
          ...live(),
          __inputs: deployment().inputs,
          __initialApiVersion: "apps/v1",
          __fieldManager: "pulumi-kubernetes-5fc3d263",
        },
        initErrors: ["interrupted while it was being made"],
        created: "2026-11-25T13:00:00Z",
        modified: "2026-11-25T13:00:00Z",
      },
    ]);
    expect(made.checkpoint?.deployment.pending_operations).toEqual([]);
  });

  it("whose object is not there is struck off", () => {
    const made = plan(interrupted, []);
    expect(made.steps.map(describeStep)).toEqual(["cleared Deployment shop/web: is not there"]);
    expect(resources(made)).toEqual([provider, app]);
  });

  it("whose object is another stack's is struck off, and the object left alone", () => {
    const other = { ...labels, "slipway.dev/stack": "prod" };
    const made = plan(interrupted, [live({ labels: other })]);
    expect(made.steps.map(describeStep)).toEqual([
      "left Deployment shop/web alone: its label slipway.dev/stack is prod",
    ]);
    expect(resources(made)).toEqual([provider, app]);
  });

  it("of an object that the state has by now is struck off", () => {
    const known = deployment({ id: "shop/web" });
    const made = plan(checkpoint([provider, known], [{ type: "creating", resource: deployment() }]), [
      live(),
    ]);
    expect(resources(made)).toEqual([provider, known]);
  });

  it("of a replacement takes the place of what was deleted for it", () => {
    const gone = deployment({ id: "shop/web", pendingReplacement: true, urn: deployment().urn });
    const renamed = deployment({ id: "shop/old" });
    const replaced = checkpoint(
      [provider, { ...gone, id: "shop/old" }],
      [{ type: "creating", resource: deployment() }],
    );
    expect(
      resources(plan(replaced, [live()])).map(({ id, pendingReplacement }) => [id, pendingReplacement]),
    ).toEqual([
      ["1", undefined],
      ["shop/web", undefined],
    ]);
    const beside = checkpoint([provider, renamed], [{ type: "creating", resource: deployment() }]);
    expect(resources(plan(beside, [live()])).map(({ id, delete: gone }) => [id, gone])).toEqual([
      ["1", undefined],
      ["shop/old", true],
      ["shop/web", undefined],
    ]);
  });

  it("of a key or a password is struck off: what was not written down is nowhere", () => {
    const key = {
      urn: `${URN}tls:index/privateKey:PrivateKey::ca`,
      type: "tls:index/privateKey:PrivateKey",
      custom: true,
    };
    const made = plan(checkpoint([], [{ type: "creating", resource: key }]), []);
    expect(made.steps.map(describeStep)).toEqual(["cleared ca: nothing outside of the state was made"]);
  });

  it("of another provider is nothing that can be looked up", () => {
    const bucket = { urn: `${URN}aws:s3/bucket:Bucket::logs`, type: "aws:s3/bucket:Bucket", custom: true };
    const [step] = plan(checkpoint([], [{ type: "creating", resource: bucket }]), []).steps;
    expect(step).toMatchObject({ action: "unknown", urn: bucket.urn });
  });
});

describe("what else was interrupted", () => {
  it("is done again: the state has it as it was", () => {
    const known = deployment({ id: "shop/web" });
    const made = plan(
      checkpoint(
        [provider, known],
        (["updating", "deleting"] as const).map((type) => ({ type, resource: known })),
      ),
      [live()],
    );
    expect(made.steps.map(({ action, reason }) => [action, reason])).toEqual([
      ["clear", "is updated again"],
      ["clear", "is deleted again"],
    ]);
    expect(resources(made)).toEqual([provider, known]);
  });

  it("is nothing where nothing is pending: the state stays", () => {
    const made = plan(checkpoint([provider, deployment({ id: "shop/web" })]), [live()]);
    expect(made).toEqual({ steps: [], checkpoint: undefined });
  });
});

describe("what the program would make", () => {
  const chart: StateResource = {
    urn: `${URN}kubernetes:helm.sh/v4:Chart::c`,
    type: "kubernetes:helm.sh/v4:Chart",
    custom: false,
  };
  const planned = deployment({ parent: chart.urn, dependencies: [app.urn, `${URN}a:b:C::missing`] });

  it("goes into the state where it is there with the stack's labels, below what it is below", () => {
    const made = plan(checkpoint([provider, app]), [live()], [chart, planned]);
    expect(resources(made).map(({ urn }) => urn)).toEqual([provider.urn, app.urn, chart.urn, planned.urn]);
    expect(resources(made)[3]).toMatchObject({ id: "shop/web", dependencies: [app.urn] });
  });

  it("is left to the next up where its provider is not in the state", () => {
    expect(plan(checkpoint([app]), [live()], [chart, planned])).toEqual({ steps: [], checkpoint: undefined });
  });

  it("is left alone where nothing says whose it is", () => {
    const unlabelled = deployment({
      parent: app.urn,
      inputs: { metadata: { name: "web", namespace: "shop" } },
    });
    const { steps } = plan(checkpoint([provider, app]), [live()], [unlabelled]);
    expect(steps.map(describeStep)).toEqual(["left Deployment shop/web alone: nothing says whose it is"]);
  });

  it("has its secrets from the object, and keeps them secret", () => {
    const secret: StateResource = {
      ...deployment(),
      urn: `${URN}kubernetes:core/v1:Secret::tls`,
      type: "kubernetes:core/v1:Secret",
      parent: app.urn,
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "tls", namespace: "shop", labels },
        data: "[secret]",
      },
    };
    const there = { ...live({ name: "tls" }), apiVersion: "v1", kind: "Secret", data: { key: "a2V5" } };
    const [, , made] = resources(plan(checkpoint([provider, app]), [there], [secret]));
    const hidden = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: '{"key":"a2V5"}',
    };
    expect(made?.inputs).toMatchObject({ data: hidden });
    expect(made?.outputs).toMatchObject({ data: hidden, __inputs: { data: hidden } });
    expect(JSON.stringify(made).replaceAll(JSON.stringify(hidden), "")).not.toContain("a2V5");
  });

  it("is what a preview would create, or replace where the old one is gone", () => {
    const gone = { ...deployment(), pendingReplacement: true };
    const steps = [
      { op: "create", newState: app },
      { op: "same", newState: provider },
      { op: "create-replacement", oldState: gone, newState: deployment() },
      { op: "create-replacement", oldState: app, newState: app },
    ];
    expect(createsOf({ steps })).toEqual([app, deployment()]);
  });

  it("has the name that Pulumi made up the first time, where it can be told", () => {
    const annotations = { "pulumi.com/autonamed": "true" };
    const metadata = { name: "web-11111111", namespace: "shop", labels, annotations };
    const auto = deployment({ inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata } });
    const astray = [live({ name: "web-22222222" })];
    expect(withActualNames([auto], astray)[0]?.inputs).toMatchObject({ metadata: { name: "web-22222222" } });
    expect(withActualNames([auto], [...astray, live({ name: "web-33333333" })])).toEqual([auto]);
  });
});

describe("whose an object is", () => {
  const unlabelled = deployment({
    inputs: { metadata: { name: "web", namespace: "shop" }, spec: { replicas: 2 } },
  });

  it("is said by the stack's labels, all of them", () => {
    expect(ownership(deployment(), live({ labels: { ...labels, app: "other" } }), true).own).toBe(true);
    expect(ownership(deployment(), live({ labels: {} }), true)).toEqual({
      own: false,
      reason: "it has no label slipway.dev/project",
    });
  });

  it("is nobody's who is about to delete it", () => {
    expect(ownership(deployment(), live({ deletionTimestamp: "2026-11-25T13:00:00Z" }), true)).toEqual({
      own: false,
      reason: "it is being deleted",
    });
  });

  it("is said by who made it and what it is, where a stack has no labels and was making it", () => {
    expect(ownership(unlabelled, live(), true)).toEqual({
      own: true,
      reason: "it was being made, and is as it was to be",
    });
    expect(ownership(unlabelled, live(), false).reason).toBe("nothing says whose it is");
    const byHand = live({ managedFields: [{ manager: "kubectl", operation: "Apply" }] });
    expect(ownership(unlabelled, byHand, true).reason).toBe("it was not made by Pulumi");
    expect(ownership(unlabelled, live({}, { spec: { replicas: 3 } }), true).reason).toBe(
      "it is not what was being made",
    );
  });
});

it("looks up each object once", () => {
  const given = checkpoint([], [{ type: "creating", resource: deployment() }]);
  expect(lookups({ checkpoint: given, planned: [deployment(), app] })).toEqual([
    { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" },
  ]);
});

it("knows a plugin by its command, and the engine that it belongs to", () => {
  const name = "pulumi-resource-kubernetes";
  const path = `/home/eve/.pulumi/plugins/resource-kubernetes-v4.34.2/${name}`;
  expect(pluginOf([path, "127.0.0.1:40001", ""])).toEqual({ name, port: 40_001 });
  expect(pluginOf([path, "-logtostderr", "-v=3", "127.0.0.1:40001"])).toEqual({ name, port: 40_001 });
  expect(pluginOf([path])).toBeUndefined();
  expect(pluginOf(["vim", "pulumi-resource-kubernetes.go", "127.0.0.1:40001"])).toBeUndefined();
});

it("does not count what belongs to another object", () => {
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: "1" };
  expect(isIndependent(live())).toBe(true);
  expect(isIndependent(live({ ownerReferences: [owner] }))).toBe(false);
  expect(isIndependent({ ...live(), kind: "Endpoints" })).toBe(false);
});

it("selects by project and stack, whatever organization the stack is in", () => {
  expect(stackSelector({ project: "slipway", stack: "acme/slipway/dev" })).toBe(
    "slipway.dev/project=slipway,slipway.dev/stack=dev",
  );
});
