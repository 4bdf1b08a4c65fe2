import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { App, type AppSpec, Namespace, Platform } from "../../../components/index.ts";
import { record } from "../mocks.ts";

const stack = { project: "shop", stack: "test" };

const outputs = ({ type }: pulumi.runtime.MockResourceArgs) =>
  type.endsWith(":Chart") ? { resources: [] } : {};

/** An app on a platform of its own. */
const run = (spec: Partial<AppSpec>) =>
  record(
    () => {
      const platform = new Platform("platform", { stack, tls: false });
      const namespace = new Namespace("shop-test", { stack });
      return new App("web", { platform, namespace, image: "web:1", hosts: [], ...spec });
    },
    { outputs },
  );

/** Kinds and names of the objects of the app. */
const objectsOf = async (spec: Partial<AppSpec>): Promise<string[]> =>
  (await run(spec)).resources
    .filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("web"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`)
    .sort();

describe("the workload of an app", () => {
  const hosts = ["web.test"];

  it("is a Deployment, unless another kind is said", async () => {
    const made = ["Deployment web", "IngressRoute web-route", "Service web"];
    expect(await objectsOf({ hosts })).toEqual(made);
    expect(await objectsOf({ hosts, workload: { kind: "deployment" } })).toEqual(made);
  });

  it("is a StatefulSet with volumes of each pod's own, behind a Service and a route", async () => {
    const spec: Partial<AppSpec> = {
      hosts,
      replicas: 2,
      revisionHistoryLimit: 3,
      disruptionBudget: true,
      workload: {
        kind: "statefulSet",
        podManagementPolicy: "Parallel",
        claims: { data: { storage: "1Gi" } },
      },
      mounts: { "/data": { template: "data" } },
    };
    expect(await objectsOf(spec)).toEqual([
      "IngressRoute web-route",
      "PodDisruptionBudget web",
      "Service web",
      "Service web-headless",
      "StatefulSet web",
    ]);
    expect((await run(spec)).one("kubernetes:apps/v1:StatefulSet").inputs).toMatchObject({
      spec: {
        replicas: 2,
        revisionHistoryLimit: 3,
        podManagementPolicy: "Parallel",
        volumeClaimTemplates: [{ metadata: { name: "data" } }],
        template: { spec: { containers: [{ ports: [{ name: "http", containerPort: 8080 }] }] } },
      },
    });
  });

  it("is a DaemonSet behind a Service and a route", async () => {
    const spec: Partial<AppSpec> = { hosts, workload: { kind: "daemonSet", maxUnavailable: "50%" } };
    expect(await objectsOf(spec)).toEqual(["DaemonSet web", "IngressRoute web-route", "Service web"]);
    expect((await run(spec)).one("kubernetes:apps/v1:DaemonSet").inputs).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { maxUnavailable: "50%" } } },
    });
  });

  it("is a Job alone, whose pods serve nobody", async () => {
    const spec: Partial<AppSpec> = { command: ["true"], workload: { kind: "job", backoffLimit: 2 } };
    expect(await objectsOf(spec)).toEqual(["Job web"]);
    const { inputs } = (await run(spec)).one("kubernetes:batch/v1:Job");
    expect(inputs).toMatchObject({
      spec: { backoffLimit: 2, template: { spec: { restartPolicy: "Never" } } },
    });
    expect(JSON.stringify(inputs)).not.toContain("containerPort");
  });

  it("is a CronJob alone, with variables that nobody may read", async () => {
    const workload = { kind: "cronJob", schedule: "0 3 * * *", suspend: true } as const;
    const spec: Partial<AppSpec> = { workload, secretEnv: { TOKEN: "t" } };
    expect(await objectsOf(spec)).toEqual(["CronJob web", "Secret web-env"]);
    expect((await run(spec)).one("kubernetes:batch/v1:CronJob").inputs).toMatchObject({
      spec: { schedule: "0 3 * * *", timeZone: "Etc/UTC", suspend: true },
    });
  });
});

describe("claims of an app", () => {
  const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
  const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  const claims = { files: { storage: "1Gi" }, cache: { storage: "2Gi", whenDeleted: "Retain" } } as const;
  const mounts = { "/files": { claim: "files" }, "/other": { claim: "of-another" } };
  const sidecars = { backup: { image: "b:1", mounts: { "/c": { claim: "cache" } } } };

  it("are volumes called after it, which all its containers find by their short names", async () => {
    const made = await run({ claims, mounts, sidecars });
    expect(made.one(CLAIM, "web-files").inputs).toMatchObject({
      metadata: { name: "web-files", namespace: "shop-test" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const pods = JSON.stringify(made.one(DEPLOYMENT, "web").inputs);
    for (const name of ["web-files", "web-cache", "of-another"]) {
      expect(pods).toContain(`"persistentVolumeClaim":{"claimName":"${name}"}`);
    }
    expect(pods).toContain('"fsGroup":65532');
  });

  it("go with the app, unless they are to stay", async () => {
    const made = await run({ claims, mounts, sidecars });
    expect(made.all(CLAIM).map(({ name, retainOnDelete }) => [name, retainOnDelete])).toEqual([
      ["web-files", false],
      ["web-cache", true],
    ]);
  });

  it("are of the group that the app says", async () => {
    const { inputs } = (await run({ claims, mounts, sidecars, fsGroup: 7 })).one(DEPLOYMENT, "web");
    expect(inputs).toMatchObject({ spec: { template: { spec: { securityContext: { fsGroup: 7 } } } } });
  });
});
