import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { backendDirectory } from "../../../cli/state/backend.ts";
import { clusterOf } from "../../../cli/state/cluster-of.ts";
import { breakStaleLocks, describeLock, readLocks } from "../../../cli/state/locks.ts";
import { parseName } from "../../../cli/state/stacks.ts";
import { removeTornAttributes } from "../../../cli/state/torn.ts";
import { isObject, isPatch, nameOf, objectOf, type StateResource } from "../../../cli/state/resource.ts";

const resource = (type: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:dev::slipway::slipway:app:App$${type}::web`,
  type,
  custom: true,
  ...more,
});

describe("the object of a resource", () => {
  it("is known by its id once it is made, whatever its inputs say", () => {
    const inputs = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "old" } };
    expect(objectOf(resource("kubernetes:apps/v1:Deployment", { id: "shop/web", inputs }))).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "web",
      namespace: "shop",
    });
  });

  it("is known by the name it is to have before that", () => {
    const inputs = { metadata: { name: "web", namespace: "shop" } };
    expect(objectOf(resource("kubernetes:core/v1:Service", { inputs }))).toEqual({
      apiVersion: "v1",
      kind: "Service",
      name: "web",
      namespace: "shop",
    });
  });

  it("has no namespace where its id has none", () => {
    expect(objectOf(resource("kubernetes:networking.k8s.io/v1:IngressClass", { id: "slipway-dev" }))).toEqual(
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        name: "slipway-dev",
      },
    );
  });

  it("is the patched one for a patch", () => {
    const patch = resource("kubernetes:core/v1:NamespacePatch", { id: "shop" });
    expect(isPatch(patch)).toBe(true);
    expect(objectOf(patch)).toEqual({ apiVersion: "v1", kind: "Namespace", name: "shop" });
  });

  it("is not known while its name is not", () => {
    const inputs = { metadata: { name: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
    expect(objectOf(resource("kubernetes:core/v1:Service", { inputs }))).toBeUndefined();
    expect(objectOf(resource("kubernetes:core/v1:Service"))).toBeUndefined();
  });

  it.each([
    ["pulumi:providers:kubernetes", true],
    ["kubernetes:helm.sh/v3:Release", true],
    ["kubernetes:helm.sh/v4:Chart", false],
    ["kubernetes:yaml/v2:ConfigGroup", false],
    ["tls:index/privateKey:PrivateKey", true],
    ["slipway:app:App", false],
  ])("is none of %s", (type, custom) => {
    expect(isObject({ type, custom })).toBe(false);
  });

  it("has the name at the end of its URN, colons included", () => {
    expect(nameOf("urn:pulumi:dev::slipway::a:b:C::web::canary")).toBe("web::canary");
  });
});

describe("a backend's directory", () => {
  it.each([
    ["file:///var/state", "/var/state/.pulumi"],
    ["file:///var/st%20ate?no_tmp_dir=true", "/var/st ate/.pulumi"],
    ["file://~", join(homedir(), ".pulumi")],
    ["file://~/lab", join(homedir(), "lab/.pulumi")],
    ["file://./state", "/project/state/.pulumi"],
  ])("of %s is %s", (url, directory) => {
    expect(backendDirectory(url, "/project")).toBe(directory);
  });

  it.each(["s3://bucket", "https://api.pulumi.com"])("is none for %s", (url) => {
    expect(backendDirectory(url, "/project")).toBeUndefined();
  });
});

describe("the cluster of a stack", () => {
  const kubeconfig = process.env["KUBECONFIG"];
  afterEach(() => {
    if (kubeconfig === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = kubeconfig;
  });

  const of = (inputs: Readonly<Record<string, unknown>>) => {
    const provider = { urn: "urn:p", type: "pulumi:providers:kubernetes", custom: true, inputs };
    const made = resource("kubernetes:core/v1:Namespace", { provider: "urn:p::1" });
    return clusterOf({ version: 3, deployment: { manifest: { time: "" }, resources: [provider, made] } });
  };

  it("is the one its provider names, by context or by contents", () => {
    expect(of({ context: "prod" })).toEqual({ context: "prod" });
    expect(of({ kubeconfig: "apiVersion: v1\nkind: Config\n" })).toEqual({
      kubeconfig: "apiVersion: v1\nkind: Config\n",
    });
    expect(of({})).toEqual({});
  });

  it("is that of KUBECONFIG where the provider had a path, which may be another machine's", () => {
    process.env["KUBECONFIG"] = "/home/eve/.kube/config";
    expect(of({ kubeconfig: import.meta.filename })).toEqual({});
    delete process.env["KUBECONFIG"];
    expect(of({ kubeconfig: import.meta.filename })).toEqual({ kubeconfig: import.meta.filename });
    expect(of({ kubeconfig: "/of/another/machine" })).toEqual({});
  });
});

it("knows a stack by its whole name", () => {
  expect(parseName("acme/shop/dev")).toEqual({ fullName: "acme/shop/dev", project: "shop", stack: "dev" });
  expect(parseName("old")).toEqual({ fullName: "old", project: "", stack: "old" });
});

describe("locks", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "slipway-locks-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const lock = (name: string, pid: number, host = hostname()): void => {
    const content = { pid, username: "eve", hostname: host, timestamp: "2026-11-25T13:07:35.5Z" };
    writeFileSync(join(directory, `${name}.json`), JSON.stringify(content));
  };
  const states = () => Object.fromEntries(readLocks(directory).map(({ pid, state }) => [pid, state]));

  it("are stale when their process is gone, or the number is another's", async () => {
    const gone = spawn("true");
    await new Promise((resolve) => gone.once("exit", resolve));
    lock("gone", gone.pid ?? 0);
    lock("reused", process.pid);
    expect(states()).toEqual({ [gone.pid ?? 0]: "stale", [process.pid]: "stale" });
  });

  it("are held while a process called pulumi runs", async () => {
    const named = spawn("node", [
      "-e",
      'process.title = "pulumi"; setTimeout(() => {}, 60_000); console.log()',
    ]);
    try {
      await new Promise((resolve) => named.stdout.once("data", resolve));
      lock("held", named.pid ?? 0);
      expect(states()).toEqual({ [named.pid ?? 0]: "held" });
      expect(breakStaleLocks(readLocks(directory))).toHaveLength(1);
      expect(readLocks(directory)).toHaveLength(1);
    } finally {
      named.kill("SIGKILL");
    }
  });

  it("of another machine are not judged, and not broken", () => {
    lock("far", 1, "build-3");
    const [far] = breakStaleLocks(readLocks(directory));
    expect(far?.state).toBe("elsewhere");
    expect(describeLock(far as NonNullable<typeof far>)).toBe(
      "eve on build-3 (process 1), since 2026-11-25 13:07:35 UTC",
    );
  });

  it("that were never written to their end are nobody's", () => {
    writeFileSync(join(directory, "empty.json"), "");
    expect(breakStaleLocks(readLocks(directory))).toEqual([]);
    expect(readLocks(directory)).toEqual([]);
  });

  it("are none where no run ever was", () => {
    expect(readLocks(join(directory, "missing"))).toEqual([]);
  });
});

it("removes what a killed run left empty beside a state, and nothing else", () => {
  const backend = mkdtempSync(join(tmpdir(), "slipway-torn-"));
  try {
    const directory = join(backend, "stacks", "slipway");
    mkdirSync(directory, { recursive: true });
    const [torn, whole] = ["torn", "whole"].map((stack) => join(directory, `${stack}.json.attrs`));
    writeFileSync(torn ?? "", "");
    writeFileSync(whole ?? "", "{}");
    for (const stack of ["torn", "whole", "none"]) removeTornAttributes(backend, "slipway", stack);
    expect([existsSync(torn ?? ""), existsSync(whole ?? "")]).toEqual([false, true]);
  } finally {
    rmSync(backend, { recursive: true });
  }
});
