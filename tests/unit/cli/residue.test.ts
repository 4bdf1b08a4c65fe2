import { describe, expect, it } from "vitest";

import type { KubeObject, ObjectMeta } from "../../../cli/cluster/object.ts";
import { forgetting, presenceOf, residueOf } from "../../../cli/residue/residue.ts";
import type { StateResource } from "../../../cli/state/resource.ts";
import type { StoredStack } from "../../../cli/state/stacks.ts";

const object = (
  kind: string,
  name: string,
  more: Partial<ObjectMeta> = {},
  apiVersion = "v1",
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, uid: `uid-${name}`, creationTimestamp: "2026-11-25T13:00:00Z", ...more },
});

const labels = (stack: string) => ({ "slipway.dev/project": "slipway", "slipway.dev/stack": stack });

const namespace = (name: string, uid = `uid-${name}`): StateResource => ({
  urn: `urn:pulumi:dev::slipway::kubernetes:core/v1:Namespace::${name}`,
  type: "kubernetes:core/v1:Namespace",
  custom: true,
  id: name,
  outputs: { apiVersion: "v1", kind: "Namespace", metadata: { uid } },
});

const stack = (name: string, resources: readonly StateResource[]): StoredStack => ({
  fullName: `organization/slipway/${name}`,
  project: "slipway",
  stack: name,
  checkpoint: { version: 3, deployment: { manifest: { time: "" }, resources } },
});

const classes = {
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  namespaced: false,
  verbs: ["list"],
  preferred: true,
};
const residue = (objects: readonly KubeObject[], stacks: readonly StoredStack[]) =>
  residueOf(objects, { stacks, unread: [] }, [classes]);

describe("objects that nobody keeps account of", () => {
  it("are none that a state has, and none that belong to another object", () => {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "1" };
    const objects = [
      object("Namespace", "slipway-dev", { labels: labels("dev") }),
      object("Pod", "web-1", { namespace: "x", labels: labels("dev"), ownerReferences: [owner] }),
    ];
    expect(residue(objects, [stack("dev", [namespace("slipway-dev")])])).toEqual([]);
  });

  it("are those with the labels of a stack that is not in the backend", () => {
    const left = object("IngressClass", "slipway-old", { labels: labels("old") }, "networking.k8s.io/v1");
    expect(residue([left], [])).toEqual([
      {
        project: "slipway",
        what: "IngressClass slipway-old",
        reason: "is labelled as slipway/old's, which is not in this backend, or empty",
        command: "kubectl delete ingressclasses.networking.k8s.io slipway-old",
      },
    ]);
  });

  it("are those in a namespace that is nobody's, too", () => {
    const left = object("ConfigMap", "files", { namespace: "default", labels: labels("old") });
    expect(residue([object("Namespace", "default"), left], [])).toMatchObject([
      { what: "ConfigMap default/files", command: "kubectl delete configmap files --namespace default" },
    ]);
  });

  it("are for recover to take over where the stack is there", () => {
    const left = object("ConfigMap", "files", { namespace: "slipway-dev", labels: labels("dev") });
    expect(residue([left], [stack("dev", [namespace("slipway-dev")])])).toEqual([
      {
        project: "slipway",
        what: "ConfigMap slipway-dev/files",
        reason: "is labelled as organization/slipway/dev's, which does not know it",
        command: "slipway recover --stack organization/slipway/dev",
      },
    ]);
  });

  it("are none of a stack whose state cannot be read", () => {
    const unread = [{ fullName: "organization/slipway/dev", project: "slipway", stack: "dev" }];
    const objects = [
      object("Namespace", "slipway-dev", { labels: labels("dev") }),
      object("Node", "slipway-dev-1"),
    ];
    expect(residueOf(objects, { stacks: [], unread }, [])).toEqual([]);
  });

  it("go with their namespace, where that is one of them", () => {
    const objects = [
      object("Namespace", "slipway-old", { labels: labels("old") }),
      object("Secret", "tls", { namespace: "slipway-old", labels: labels("old") }),
    ];
    expect(residue(objects, []).map(({ command }) => command)).toEqual([
      "kubectl delete namespace slipway-old",
    ]);
  });

  it("may be named after a stack alone; what merely begins like its name is not", () => {
    const objects = [
      object("ClusterRole", "slipway-dev-reader", {}, "rbac.authorization.k8s.io/v1"),
      object("ClusterRole", "slipway-develop", {}, "rbac.authorization.k8s.io/v1"),
      object("ConfigMap", "slipway-dev-x", { namespace: "default" }),
    ];
    expect(residue(objects, [stack("dev", [])])).toEqual([
      expect.objectContaining({
        what: "ClusterRole slipway-dev-reader",
        reason: "is named after organization/slipway/dev, and in no state",
      }),
    ]);
  });
});

describe("a stack", () => {
  const there = (uid: string) => new Map([["slipway-dev", object("Namespace", "slipway-dev", { uid })]]);
  const dev = stack("dev", [namespace("slipway-dev", "uid-1")]);

  it("is there where its namespace is the same", () => {
    expect(presenceOf(dev, there("uid-1"))).toBe("there");
    expect(presenceOf(stack("empty", []), new Map())).toBe("there");
  });

  it("is on another cluster where none of its namespaces is there, or is the one it made", () => {
    expect(presenceOf(dev, new Map())).toBe("another");
    expect(presenceOf(dev, there("uid-2"))).toBe("another");
  });

  it("is forgotten by a command that says what is the matter", () => {
    expect(forgetting(dev, "unreachable", "https://10.0.0.1:6443")).toEqual({
      project: "slipway",
      what: "stack organization/slipway/dev",
      reason: "is on the cluster at https://10.0.0.1:6443, which cannot be reached",
      command: "PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack organization/slipway/dev",
    });
    expect(forgetting(dev, "another", "https://10.0.0.1:6443").command).toBe(
      "pulumi stack rm --force --stack organization/slipway/dev",
    );
  });
});
