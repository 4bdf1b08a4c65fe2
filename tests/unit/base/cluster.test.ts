import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { Cluster, kubectlOf } from "../../../components/base/cluster.ts";
import { record } from "../mocks.ts";

const directory = mkdtempSync(join(tmpdir(), "slipway-kubectl-"));

beforeAll(() => {
  writeFileSync(join(directory, "kubectl"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  vi.stubEnv("PATH", `${directory}${delimiter}${process.env["PATH"] ?? ""}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** A component some way below one that has a provider. */
function below(provider: pulumi.ProviderResource | undefined): pulumi.Resource {
  const platform = new pulumi.ComponentResource("a:b:Platform", "platform", {}, provider && { provider });
  return new pulumi.ComponentResource("a:b:App", "app", {}, { parent: platform });
}

it("asks the cluster of the provider that its parents have", async () => {
  const said: Promise<string>[] = [];
  await record(() => {
    said.push(kubectlOf(below(new Cluster("lab", { context: "lab" }))).run("version"));
    said.push(kubectlOf(below(new Cluster("current"))).run("version"));
    said.push(kubectlOf(below(undefined)).run("version"));
  });
  expect(await Promise.all(said)).toEqual(["version --context lab\n", "version\n", "version\n"]);
});

it("updates Secrets and ConfigMaps in place", async () => {
  const made = await record(() => {
    new Cluster("lab", { context: "lab" });
  });
  expect(made.one("pulumi:providers:kubernetes").inputs).toEqual({
    context: "lab",
    enableSecretMutable: "true",
    enableConfigMapMutable: "true",
  });
});
