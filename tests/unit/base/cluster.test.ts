import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { Cluster, kubectlOf } from "../../../components/base/cluster.ts";
import { useKubectl } from "../fake-kubectl.ts";
import { record } from "../mocks.ts";

useKubectl('echo "$@"');

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

it("updates Secrets and ConfigMaps in place, and stays the same where the kubeconfig leads elsewhere", async () => {
  const made = await record(() => {
    new Cluster("lab", { context: "lab" });
  });
  expect(made.one("pulumi:providers:kubernetes").inputs).toEqual({
    clusterIdentifier: "lab",
    context: "lab",
    enableSecretMutable: "true",
    enableConfigMapMutable: "true",
  });
});
