import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { awaitRollout, rolloutFailed } from "../../../components/workload/rollout.ts";
import { useKubectl } from "../fake-kubectl.ts";
import { record } from "../mocks.ts";

const deployment = { namespace: "shop", name: "web", uid: "1" };

it("tells of each container that is not ready, and why", () => {
  const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "registry.example/web:2"' };
  const pods = [
    { metadata: { name: "web-1" }, status: { containerStatuses: [{ name: "web", ready: true }] } },
    {
      metadata: { name: "web-2" },
      status: { containerStatuses: [{ name: "web", ready: false, state: { waiting } }] },
    },
    { metadata: { name: "web-3" } },
  ];
  expect(rolloutFailed(deployment, pods, new Error("unused"))).toBe(
    'deployment shop/web is not rolled out\npod web-2, container web: [ImagePullBackOff] Back-off pulling image "registry.example/web:2"',
  );
});

it("tells kubectl's last words where every container is ready", () => {
  const error = new Error(
    'Waiting for deployment "web"\nerror: deployment "web" exceeded its progress deadline\n',
  );
  expect(rolloutFailed(deployment, [], error)).toBe(
    'deployment shop/web is not rolled out\nerror: deployment "web" exceeded its progress deadline',
  );
});

describe("the hook of a changed Deployment", () => {
  // A cluster with one Deployment, whose rollout never ends.
  useKubectl(`case "$1 $2" in
"get deployment") echo '{"metadata": {"name": "web", "namespace": "shop", "uid": "1"}}' ;;
"get pods") echo '{"items": []}' ;;
"rollout status") echo "error: $3 within $6 exceeded its progress deadline" >&2; exit 1 ;;
esac`);

  const run = async (metadata: object): Promise<void> => {
    let hook: pulumi.ResourceHook | undefined;
    await record(() => {
      const component = new pulumi.ComponentResource("a:b:C", "web");
      hook = awaitRollout("web", 90, () => component);
    });
    const spec = { template: { metadata: { labels: { app: "web" } } } };
    const args = { urn: "", id: "", name: "web", type: "", newOutputs: { metadata, spec } };
    await hook?.callback(args);
  };

  it("fails where the rollout does, though the provider was content", async () => {
    await expect(run(deployment)).rejects.toThrow(
      "deployment shop/web is not rolled out\nerror: deployment/web within --timeout=120s exceeded its progress deadline",
    );
  });

  it("leaves alone what is not to be waited for, and what kubectl knows nothing of", async () => {
    await run({ ...deployment, annotations: { "pulumi.com/skipAwait": "true" } });
    await run({ ...deployment, uid: "of another cluster" });
  });
});
