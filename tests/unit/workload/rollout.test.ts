import { expect, it } from "vitest";

import { rolloutFailed } from "../../../components/workload/rollout.ts";

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
