import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";

import { useKubectl } from "../fake-kubectl.ts";
import { record } from "../mocks.ts";

const slept: number[] = [];
vi.mock("node:timers/promises", () => ({ setTimeout: (time: number) => Promise.resolve(slept.push(time)) }));
// Another suite in the same process may have loaded it with the real one.
vi.resetModules();
const { awaitHandover } = await import("../../../components/route/handover.ts");

describe("the hook of a new route", () => {
  // A stack that publishes web by an IngressRoute, in a cluster that does not know HTTPRoutes until one is made.
  useKubectl(`case "$2" in
ingressroutes.traefik.io) echo '{"items": [{"kind": "IngressRoute", "metadata": {"namespace": "shop", "name": "web"}}]}' ;;
ingresses.networking.k8s.io) [ "$5" = slipway.dev/stack=dev ] && echo '{"items": []}' ;;
httproute) echo '{"status": {"parents": [{"conditions": [{"type": "Accepted", "status": "True"}]}]}}' ;;
*) echo "the server doesn't have a resource type $2" >&2; exit 1 ;;
esac`);

  /** Milliseconds that it sleeps for a route. */
  const wait = async (kind: string, name: string): Promise<number[]> => {
    slept.length = 0;
    let hook: pulumi.ResourceHook | undefined;
    await record(() => {
      const route = new pulumi.ComponentResource("a:b:C", name);
      hook = awaitHandover(name, () => route);
    });
    const metadata = { namespace: "shop", name, labels: { "slipway.dev/stack": "dev" } };
    await hook?.callback({ urn: "", id: "", name, type: "", newOutputs: { kind, metadata } });
    return [...slept];
  };

  it("waits until Traefik serves one that takes the place of another kind's", async () => {
    expect(await wait("HTTPRoute", "web")).toEqual([3_000]);
    expect(await wait("Ingress", "web")).toEqual([3_000]);
  });

  it("ends at once for a route that takes nobody's place, or is only updated", async () => {
    expect(await wait("HTTPRoute", "other")).toEqual([]);
    expect(await wait("IngressRoute", "web")).toEqual([]);
  });
});
