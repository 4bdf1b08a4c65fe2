import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";

import { refuseWhileInUse, stacksAmong } from "../../../components/platform/in-use.ts";
import { useKubectl } from "../fake-kubectl.ts";
import { record } from "../mocks.ts";

const own = { project: "slipway", stack: "platform" };

const of = (project: string, stack: string) => ({
  metadata: { labels: { "slipway.dev/project": project, "slipway.dev/stack": stack } },
});

it("names each stack on a platform once, and not the platform's own", () => {
  const objects = [
    of("slipway", "platform"),
    of("slipway", "shop"),
    of("green", "platform"),
    of("slipway", "shop"),
  ];
  expect(stacksAmong(objects, own)).toEqual(["green/platform", "slipway/shop"]);
  expect(stacksAmong([of("slipway", "platform")], own)).toEqual([]);
});

describe("the hook of what a platform keeps", () => {
  const blue = JSON.stringify({ items: [of("slipway", "platform"), of("slipway", "blue")] });
  const none = JSON.stringify({ items: [of("slipway", "platform")] });
  // A cluster where blue has something, in the namespace of its team alone.
  useKubectl(`case "$*" in
*"--namespace slipway-platform-green --selector slipway.dev/platform=slipway-platform "*) echo '${none}' ;;
*"--selector slipway.dev/platform=slipway-platform "*) echo '${blue}' ;;
*) echo '${none}' ;;
esac`);

  const run = async (oldOutputs: object): Promise<void> => {
    let hook: pulumi.ResourceHook | undefined;
    await record(() => {
      const component = new pulumi.ComponentResource("a:b:C", "platform");
      hook = refuseWhileInUse("platform", own, () => component);
    });
    await hook?.callback({ urn: "", id: "", name: "", type: "", oldOutputs });
    expect(hook?.opts).toEqual({ onDryRun: true });
  };

  const refused = "is in use by slipway/blue: destroy what they have there first";

  it("refuses to delete the platform while another stack is on it", async () => {
    const platform = { kind: "ConfigMap", metadata: { name: "platform" } };
    await expect(run(platform)).rejects.toThrow(`platform slipway-platform ${refused}`);
  });

  it("refuses to delete a team's namespace while the team has something in it", async () => {
    const namespace = (name: string) => ({ kind: "Namespace", metadata: { name } });
    await expect(run(namespace("slipway-platform-blue"))).rejects.toThrow(
      `namespace slipway-platform-blue ${refused}`,
    );
    await run(namespace("slipway-platform-green"));
  });

  it("asks nobody where whoever calls says that the cluster is gone", async () => {
    vi.stubEnv("PULUMI_K8S_DELETE_UNREACHABLE", "true");
    await run({ kind: "ConfigMap", metadata: { name: "platform" } });
  });
});
