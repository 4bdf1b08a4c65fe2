import { expect, it } from "vitest";

import type { Cluster } from "../../../../cli/cluster/cluster.ts";
import { ApiError } from "../../../../cli/cluster/errors.ts";
import type { KubeObject } from "../../../../cli/cluster/object.ts";
import { apiPort, routersOf } from "../../../../cli/doctor/traefik.ts";

const pod = (...args: string[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "traefik-1", namespace: "edge", uid: "1", creationTimestamp: "" },
  spec: { containers: [{ args }] },
});

it.each([
  [[], undefined],
  [["--api=true"], undefined],
  [["--api.insecure=false"], undefined],
  [["--api.insecure"], 8080],
  [["--api.insecure=true", "--entryPoints.traefik.address=:9000/tcp"], 9000],
])("finds the port of the API in %j", (args, port) => {
  expect(apiPort(pod(...args))).toBe(port);
});

/** A cluster that answers a path with this. */
const cluster = (answers: (path: string) => Promise<string>): Cluster =>
  ({ text: answers }) as unknown as Cluster;

it("asks for routers of every protocol, through the API server", async () => {
  const asked: string[] = [];
  const open = cluster((path) => {
    asked.push(path);
    return Promise.resolve(
      path.includes("/http/") ? '[{"name":"a@kubernetescrd","status":"enabled"}]' : "[]",
    );
  });
  expect(await routersOf(open, pod("--api.insecure=true"))).toEqual([
    { name: "a@kubernetescrd", status: "enabled" },
  ]);
  expect(asked).toEqual(
    ["http", "tcp", "udp"].map(
      (protocol) => `/api/v1/namespaces/edge/pods/traefik-1:8080/proxy/api/${protocol}/routers`,
    ),
  );
});

it("knows none where the account may not ask, or the pod does not answer", async () => {
  const details = { status: 403, reason: "Forbidden" };
  const closed = cluster(() => Promise.reject(new ApiError("no", "", details)));
  expect(await routersOf(closed, pod("--api.insecure=true"))).toEqual([]);
});
