import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { ConfigMap, Deployment, PullSecret, Secret } from "../../../components/workload/index.ts";
import { record, resolved } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps" };
const labels = {
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};
const decoded = (data: unknown, key: string) =>
  Buffer.from((data as Record<string, string>)[key] ?? "", "base64").toString();

it("makes a ConfigMap", async () => {
  const made = await record(() => new ConfigMap("site", { ...args, data: { a: pulumi.output("b") } }));
  expect(made.one("kubernetes:core/v1:ConfigMap").inputs).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "site", namespace: "apps", labels },
    data: { a: "b" },
  });
});

it("makes a Secret whose values are secret wherever they are recorded", async () => {
  const made = await record(
    () => new Secret("db", { ...args, objectName: "database", data: { password: "hunter2" } }),
  );
  const { inputs, secrets } = made.one("kubernetes:core/v1:Secret");
  expect(inputs).toMatchObject({ metadata: { name: "database" }, type: "Opaque" });
  expect(inputs).not.toHaveProperty("stringData");
  expect(decoded(inputs.data, "password")).toBe("hunter2");
  expect(secrets).toEqual(["data"]);
  expect(await resolved(pulumi.isSecret(made.value.checksum))).toBe(false);
});

it("makes a Secret that the kubelet pulls images with", async () => {
  const registry = { registry: "registry.example:5000", username: "ci", password: pulumi.secret("pw") };
  const made = await record(() => new PullSecret("registry", { ...args, ...registry }));
  const { inputs, secrets } = made.one("kubernetes:core/v1:Secret");
  expect(inputs.type).toBe("kubernetes.io/dockerconfigjson");
  expect(JSON.parse(decoded(inputs.data, ".dockerconfigjson"))).toEqual({
    auths: { "registry.example:5000": { username: "ci", password: "pw", auth: "Y2k6cHc=" } },
  });
  expect(secrets).toEqual(["data"]);
});

it("refuses a registry that is a URL", async () => {
  const registry = { registry: "https://registry.example/team", username: "a", password: "b" };
  await expect(record(() => new PullSecret("registry", { ...args, ...registry }))).rejects.toThrow(
    'pull secret registry:\n  registry: "https://registry.example/team" must be a host[:port], without scheme or path',
  );
});

it("rolls a Deployment when a ConfigMap or Secret it reads changes, and then only", async () => {
  const annotations = async (site: string, password: string) => {
    const made = await record(() => {
      const config = new ConfigMap("site", { ...args, data: { site } });
      const secret = new Secret("db", { ...args, data: { password } });
      return new Deployment("web", {
        ...args,
        image: "web:1",
        env: { PASSWORD: { secretKeyRef: { name: secret, key: "password" } } },
        mounts: { "/etc/site": { configMap: config } },
        pullSecrets: [Secret.fromName("registry")],
      });
    });
    const deployment = made.one("kubernetes:apps/v1:Deployment");
    expect(deployment.secrets).toEqual([]);
    return (deployment.inputs.spec as { template: { metadata: { annotations: unknown } } }).template.metadata
      .annotations;
  };
  const first = await annotations("a", "b");
  expect(await annotations("a", "b")).toEqual(first);
  expect(await annotations("x", "b")).not.toEqual(first);
  expect(await annotations("a", "x")).not.toEqual(first);
});
