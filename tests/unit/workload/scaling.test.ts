import { describe, expect, it } from "vitest";

import {
  Deployment,
  HorizontalPodAutoscaler,
  type HorizontalPodAutoscalerArgs,
  PodDisruptionBudget,
  type PodDisruptionBudgetArgs,
} from "../../../components/workload/index.ts";
import { record } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps" };
const selector = { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "slipway-dev" };

describe("HorizontalPodAutoscaler", () => {
  const make = (
    extra: Partial<HorizontalPodAutoscalerArgs> = {},
    replicas: number | "autoscaled" = "autoscaled",
  ) =>
    record(() => {
      const target = new Deployment("web", { ...args, image: "web:1", replicas });
      return new HorizontalPodAutoscaler("web", { ...args, target, maxReplicas: 5, ...extra });
    });
  const spec = async (extra?: Partial<HorizontalPodAutoscalerArgs>) =>
    (await make(extra)).one("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").inputs.spec;
  const utilization = (name: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  });

  it("scales a Deployment by its CPU unless told otherwise", async () => {
    expect(await spec()).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [utilization("cpu", 80)],
    });
    expect(
      await spec({ minReplicas: 2, memory: 70, behavior: { scaleDown: { selectPolicy: "Min" } } }),
    ).toMatchObject({
      minReplicas: 2,
      metrics: [utilization("memory", 70)],
      behavior: { scaleDown: { selectPolicy: "Min" } },
    });
  });

  it("refuses a Deployment that sets the number itself, and impossible bounds", async () => {
    await expect(make({ minReplicas: 6, cpu: 0 }, 2)).rejects.toThrow(
      [
        "autoscaler web:",
        '  target.replicas: 2 must be "autoscaled": the next `up` would undo what the autoscaler did',
        "  maxReplicas: 5 must be a whole number from minReplicas (6)",
        "  cpu: 0 must be a percentage of the request above 0, as in 80",
      ].join("\n"),
    );
  });
});

describe("PodDisruptionBudget", () => {
  const make = (extra: Partial<PodDisruptionBudgetArgs>, replicas: number | undefined = 3) =>
    record(
      () => new PodDisruptionBudget("web", { ...args, target: { ...args, selector, replicas }, ...extra }),
    ).then((made) => made.one("kubernetes:policy/v1:PodDisruptionBudget").inputs);

  it("lets one pod go at a time, and any that does not work", async () => {
    expect(await make({})).toMatchObject({
      metadata: { name: "web", namespace: "apps" },
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: selector },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    });
    expect((await make({ minAvailable: "50%" })).spec).toMatchObject({ minAvailable: "50%" });
    expect((await make({ minAvailable: "50%" })).spec).not.toHaveProperty("maxUnavailable");
  });

  it.each([
    [{ maxUnavailable: 0 }, 3, "maxUnavailable: 0 must be above 0"],
    [{ maxUnavailable: "0%" }, 3, 'maxUnavailable: "0%" must be above 0'],
    [{ minAvailable: 1 }, 1, "minAvailable: 1 would keep all of 1 replicas"],
    [{ minAvailable: "51%" }, 2, 'minAvailable: "51%" would keep all of 2 replicas'],
    [{ minAvailable: 1, maxUnavailable: 1 }, 3, "maxUnavailable: 1 or minAvailable, not both"],
    [{ maxUnavailable: "one" }, 3, 'maxUnavailable: "one" must be a whole number or a percentage'],
  ])("refuses %j of %d", async (extra, replicas, message) => {
    await expect(make(extra, replicas)).rejects.toThrow(message);
  });

  it("cannot keep a share of a number that an autoscaler sets", async () => {
    const target = { ...args, selector, replicas: undefined };
    await expect(make({ target, minAvailable: 1 })).rejects.toThrow("use maxUnavailable");
  });
});
