import { describe, expect, it } from "vitest";

import type { KubeObject, ManagedFields } from "../../../../cli/cluster/object.ts";
import { additions, changes } from "../../../../cli/drift/compare.ts";
import type { Cluster } from "../../../../cli/cluster/cluster.ts";
import { findDrift } from "../../../../cli/drift/drift.ts";
import type { StateResource } from "../../../../cli/state/resource.ts";
import { describeStep } from "../../../../cli/drift/fix.ts";
import { harmless } from "../../../../cli/drift/harmless.ts";
import { removals } from "../../../../cli/drift/report.ts";
import { wantedOf } from "../../../../cli/drift/wanted.ts";

const PROGRAM = "pulumi-kubernetes-1";

const by = (manager: string, fieldsV1: object, more: Partial<ManagedFields> = {}): ManagedFields => ({
  manager,
  operation: manager === PROGRAM ? "Apply" : "Update",
  time: "2026-11-25T13:00:00Z",
  fieldsV1: fieldsV1 as Record<string, unknown>,
  ...more,
});

const ENV = { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } };
const containers = (env: object) => ({
  "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:env": env } },
});

const object = (managedFields: ManagedFields[], spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    uid: "1",
    creationTimestamp: "",
    resourceVersion: "7",
    managedFields,
    ...metadata,
  },
  spec,
  status: { replicas: 5 },
});

const program = by(PROGRAM, { "f:spec": { "f:replicas": {}, ...containers(ENV) } });
const spec = (replicas: number, ...env: readonly object[]) => ({
  replicas,
  containers: [{ name: "web", env }],
});
const a = { name: "A", value: "1" };

describe("changes", () => {
  it("are none between a live object and the same applied, whatever the server itself counts up", () => {
    const live = object([program], spec(1, a));
    const applied = object([program], spec(1, a), { resourceVersion: "8", generation: 4 });
    expect(changes(live, applied)).toEqual([]);
  });

  it("name the field as people write it, both values, and who set it", () => {
    const scale = by("kubectl", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" });
    const edit = by("kubectl-edit", { "f:spec": containers({ 'k:{"name":"A"}': { "f:value": {} } }) });
    const live = object(
      [by(PROGRAM, { "f:spec": containers({}) }), scale, edit],
      spec(3, { name: "A", value: "2" }),
    );
    const owner = { operation: "Update", time: "2026-11-25T13:00:00Z" };
    expect(changes(live, object([program], spec(1, a)))).toEqual([
      {
        path: "spec.replicas",
        wanted: 1,
        found: 3,
        owners: [{ ...owner, manager: "kubectl", subresource: "scale" }],
      },
      {
        path: "spec.containers[name=web].env[name=A].value",
        wanted: "1",
        found: "2",
        owners: [{ ...owner, manager: "kubectl-edit" }],
      },
    ]);
  });

  it("tell items of a list apart by their keys, not by their place", () => {
    const b = { name: "B", value: "2" };
    const both = by(PROGRAM, {
      "f:spec": containers({ ...ENV, 'k:{"name":"B"}': { ".": {}, "f:name": {}, "f:value": {} } }),
    });
    expect(changes(object([both], spec(1, b, a)), object([both], spec(1, a, b)))).toEqual([]);
    const [gone] = changes(object([by("kubectl-edit", {})], spec(1, b)), object([both], spec(1, a, b)));
    expect(gone).toMatchObject({
      path: "spec.containers[name=web].env[name=A]",
      wanted: a,
      found: undefined,
    });
  });

  it("guess of what is gone that who wrote last took it, controllers apart", () => {
    const controller = by("kube-controller-manager", {}, { time: "2026-11-25T14:00:00Z" });
    const live = object([program, by("kubectl-label", {}, { time: "2026-11-25T13:30:00Z" }), controller], {});
    const applied = object([program], {}, { labels: { "a.b/c": "x" } });
    expect(changes(live, applied)).toMatchObject([
      { path: "metadata.labels", wanted: { "a.b/c": "x" }, owners: [{ manager: "kubectl-label" }] },
    ]);
  });

  it("show a list without keys as a whole once an item more would shift the others", () => {
    const routes = (...matches: string[]) => ({ routes: matches.map((match) => ({ match })) });
    const applied = object([by(PROGRAM, { "f:spec": { "f:routes": {} } })], routes("Host(`a`)"));
    const edit = by("kubectl-edit", { "f:spec": { "f:routes": {} } });
    expect(changes(object([edit], routes("Host(`b`)")), applied)).toMatchObject([
      {
        path: "spec.routes[0].match",
        wanted: "Host(`a`)",
        found: "Host(`b`)",
        owners: [{ manager: "kubectl-edit" }],
      },
    ]);
    expect(changes(object([edit], routes("Host(`a`)", "Host(`b`)")), applied)).toMatchObject([
      { path: "spec.routes", owners: [{ manager: "kubectl-edit" }] },
    ]);
  });
});

describe("additions", () => {
  const isProgram = ({ manager }: { readonly manager: string }): boolean => manager === PROGRAM;

  it("are what others set and the program says nothing of, an item of a list in one piece", () => {
    const other = by("kubectl-edit", {
      "f:metadata": { "f:labels": { "f:team": {} } },
      "f:spec": containers({ 'k:{"name":"B"}': { ".": {}, "f:name": {}, "f:value": {} } }),
    });
    const b = { name: "B", value: "2" };
    const applied = object([program, other], spec(1, a, b), { labels: { team: "red", mine: "x" } });
    expect(additions(applied, isProgram)).toMatchObject([
      { path: "metadata.labels.team", found: "red", wanted: undefined },
      { path: "spec.containers[name=web].env[name=B]", found: b },
    ]);
  });

  it("leave out what the program sets, too, and the status", () => {
    const same = by("kubectl", { "f:spec": { "f:replicas": {} } });
    const status = by(
      "kube-controller-manager",
      { "f:status": { "f:replicas": {} } },
      { subresource: "status" },
    );
    expect(additions(object([program, same, status], spec(1, a)), isProgram)).toEqual([]);
  });
});

describe("harmless", () => {
  const change = (manager: string, path = "metadata.annotations.x", more: object = {}) =>
    harmless({ path, wanted: undefined, found: "1", owners: [by(manager, {}, more)] }, ["my-own"]);

  it("is what controllers set, by name or by the status", () => {
    expect(change("kube-controller-manager")).toBe("kube-controller-manager's own");
    expect(change("cert-manager-cainjector")).toBeDefined();
    expect(change("pulumi-kubernetes-2")).toBeDefined();
    expect(change("my-own")).toBeDefined();
    expect(change("kubectl", "x", { subresource: "status" })).toBeDefined();
  });

  it("is a restart's trace, but nothing else that people set, nor what is gone", () => {
    expect(change("kubectl-rollout", 'spec.annotations["kubectl.kubernetes.io/restartedAt"]')).toBe(
      "a command's trace",
    );
    for (const manager of ["kubectl-edit", "kubectl", "k9s", "Mozilla", "helm", "unheard-of"])
      expect(change(manager), manager).toBeUndefined();
    expect(
      harmless({ path: "x", wanted: 1, found: undefined, owners: [by("kube-controller-manager", {})] }),
    ).toBeUndefined();
    expect(harmless({ path: "x", wanted: 1, found: 2, owners: [] })).toBeUndefined();
  });
});

it("reads what the program said from the state, with secrets in plain and their places", () => {
  const secret = (plaintext: string) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(plaintext),
  });
  const resource = {
    urn: "u",
    type: "kubernetes:core/v1:Secret",
    custom: true,
    inputs: {
      kind: "Secret",
      metadata: { labels: { a: "b" } },
      data: { token: secret("eA==") },
      __x: 1,
      status: {},
    },
    outputs: { __fieldManager: PROGRAM },
  };
  const ref = { apiVersion: "v1", kind: "Secret", name: "s", namespace: "n" };
  expect(wantedOf(resource, ref)).toEqual({
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { labels: { a: "b" }, name: "s", namespace: "n" },
      data: { token: "eA==" },
    },
    secrets: ["data.token"],
    manager: PROGRAM,
  });
});

it("gives the command for what an up leaves as it is", () => {
  const drift = (field: string, more: object = {}) => ({
    object: "Deployment n/web",
    ref: { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "n" },
    kind: "added" as const,
    field,
    wanted: "",
    found: "1",
    owner: "kubectl-edit",
    ...more,
  });
  expect(
    removals([
      drift("metadata.labels.team"),
      drift('metadata.annotations["a.b/c"]'),
      drift("spec.x"),
      drift("spec.y", { harmless: "a controller's own" }),
      drift("spec.z", { kind: "changed" }),
    ]),
  ).toEqual([
    "kubectl label deployment.v1.apps/web --namespace n team-",
    "kubectl annotate deployment.v1.apps/web --namespace n a.b/c-",
    "kubectl edit deployment.v1.apps/web --namespace n   # spec.x",
  ]);
});

it("tells the steps of an up that change an object", () => {
  const step = (op: string, type: string, detailedDiff?: object) =>
    describeStep({
      resourcePreEvent: { metadata: { op, type, urn: `urn:pulumi:s::p::${type}::web`, detailedDiff } },
    } as never);
  expect(step("update", "kubernetes:apps/v1:Deployment", { "spec.replicas": {} })).toBe(
    "update Deployment web: spec.replicas",
  );
  expect(step("create", "kubernetes:core/v1:Service")).toBe("create Service web");
  for (const op of ["same", "refresh", "read"])
    expect(step(op, "kubernetes:core/v1:Service")).toBeUndefined();
  expect(step("update", "pulumi:providers:kubernetes")).toBeUndefined();
});

it("tells of a Certificate of cert-manager's that somebody changed, and not of what cert-manager does itself", async () => {
  const ref = { apiVersion: "cert-manager.io/v1", kind: "Certificate", namespace: "shop", name: "shop-tls" };
  const issuerRef = { kind: "ClusterIssuer", name: "letsencrypt" };
  const certificate = (dnsNames: readonly string[], managedFields: ManagedFields[]): KubeObject => ({
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace, uid: "1", creationTimestamp: "", managedFields },
    spec: { dnsNames, issuerRef, revisionHistoryLimit: 1 },
    status: { revision: 2 },
  });
  const program = by(PROGRAM, { "f:spec": { "f:issuerRef": {} } });
  const edit = by("kubectl-edit", { "f:spec": { "f:dnsNames": {} } });
  const issuing = by("cert-manager-certificates-issuing", { "f:spec": { "f:revisionHistoryLimit": {} } });
  const applied: object[] = [];
  const cluster = {
    get: () => Promise.resolve(certificate(["a.test", "evil.test"], [program, edit, issuing])),
    apply: (object: object) => {
      applied.push(object);
      const all = by(PROGRAM, { "f:spec": { "f:dnsNames": {}, "f:issuerRef": {} } });
      return Promise.resolve(certificate(["a.test"], [all, issuing]));
    },
  };
  const inputs = {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    spec: { dnsNames: ["a.test"], issuerRef },
  };
  const resource: StateResource = {
    urn: `urn:pulumi:test::slipway::kubernetes:${ref.apiVersion}:Certificate::shop-tls`,
    type: `kubernetes:${ref.apiVersion}:Certificate`,
    custom: true,
    id: "shop/shop-tls",
    inputs,
    outputs: { ...inputs, __fieldManager: PROGRAM },
  };
  expect(await findDrift(cluster as unknown as Cluster, [resource])).toMatchObject([
    {
      object: "Certificate shop/shop-tls",
      kind: "changed",
      field: "spec.dnsNames",
      wanted: '["a.test"]',
      found: '["a.test","evil.test"]',
      owner: "kubectl-edit, 2026-11-25 13:00:00 UTC",
    },
    {
      kind: "added",
      field: "spec.revisionHistoryLimit",
      harmless: "cert-manager-certificates-issuing's own",
    },
  ]);
  expect(applied).toEqual([inputs]);
});
