import { describe, expect, it } from "vitest";

import { Namespace } from "../../../components/platform/index.ts";
import { Exposure, Service, type ServiceArgs } from "../../../components/service/index.ts";
import { Deployment } from "../../../components/workload/index.ts";
import { record, refusal, resolved } from "../mocks.ts";

const SERVICE = "kubernetes:core/v1:Service";
const stack = { project: "slipway", stack: "dev", expires: "2030-01-01" };

/** A Service of a Deployment with a sidecar, in a Namespace of another stack than the running one. */
function program(args: Partial<ServiceArgs>): Service {
  const namespace = new Namespace("shop", { stack });
  const target = new Deployment("api", {
    namespace,
    image: "registry.example/api:1",
    ports: { http: 8080, dns: { port: 5353, protocol: "UDP" } },
    sidecars: { exporter: { image: "registry.example/exporter:1", ports: { metrics: 9100 } } },
  });
  return new Service("front", { target, ports: { http: 80 }, ...args });
}

const make = (args: Partial<ServiceArgs>) => record(() => program(args));

describe("a Service of a target", () => {
  it("takes namespace, stack, selector and label from it", async () => {
    const made = await make({});
    expect(made.one(SERVICE).inputs).toMatchObject({
      metadata: {
        name: "front",
        namespace: "shop",
        labels: {
          "app.kubernetes.io/name": "api",
          "app.kubernetes.io/instance": "slipway-dev",
          "slipway.dev/stack": "dev",
          "slipway.dev/expires": "2030-01-01",
        },
      },
      spec: { selector: { "app.kubernetes.io/name": "api", "app.kubernetes.io/instance": "slipway-dev" } },
    });
    expect(await resolved(made.value.dns)).toBe("front.shop.svc");
  });

  it("does not wait for its pods, which may need it to become ready", async () => {
    const made = await make({});
    expect(made.one(SERVICE).dependsOn).toEqual(["shop"]);
  });

  it.each<[string, ServiceArgs["ports"], ServiceArgs["exposure"]]>([
    ["by a port's name", { http: 80 }, undefined],
    ["by another one's name", { web: { port: 80, targetPort: "http" } }, undefined],
    ["by number", { web: { port: 80, targetPort: 8080 } }, undefined],
    ["to a sidecar", { metrics: 9100 }, undefined],
    ["by UDP", { dns: { port: 53, protocol: "UDP" } }, undefined],
    ["to the pods themselves", { any: 80 }, Exposure.headless()],
  ])("leads %s", async (_name, ports, exposure) => {
    await expect(make({ ports, exposure })).resolves.toBeDefined();
  });

  const has =
    "must be a TCP port of the target, which has: http (8080/TCP), dns (5353/UDP), metrics (9100/TCP)";
  it.each<[string, Partial<ServiceArgs>, string]>([
    ["no container's name", { ports: { web: 80 } }, `ports.web.targetPort: "web" ${has}`],
    [
      "no container's number",
      { ports: { web: { port: 80, targetPort: 80 } } },
      `ports.web.targetPort: 80 ${has}`,
    ],
    ["another protocol", { ports: { dns: 53 } }, `ports.dns.targetPort: "dns" ${has}`],
    ["a namespace beside it", { namespace: "other" }, "namespace: is the target's: leave it out"],
    [
      "a selector beside it",
      { selector: { app: "x" } },
      'target: ["target","selector"] must have exactly one of target, selector, endpoints and the exposure externalName',
    ],
    [
      "nobody",
      { target: undefined, namespace: "shop" },
      "target: must have exactly one of target, selector, endpoints and the exposure externalName",
    ],
    ["nowhere", { target: "api" }, "namespace: is required without a component as target"],
  ])("refuses %s", async (_name, args, expected) => {
    expect(await refusal(() => program(args))).toBe(`service front:\n  ${expected}`);
  });
});
