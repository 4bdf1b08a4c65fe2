import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "../cluster/cluster.ts";
import { ApiError } from "../cluster/errors.ts";
import { type KubeObject } from "../cluster/object.ts";
import { type StateResource, objectOf } from "../state/resource.ts";
import { describeRef, refOf } from "../../kubernetes/object.ts";

/**
 * Milliseconds that Kubernetes takes to find a port that nobody has: it looks every three minutes, and believes it the third
 * time. Source: `numRepairsBeforeLeakCleanup` in the API server's `portallocator/controller/repair.go`.
 */
const REPAIR = 12 * 60_000;

/** Milliseconds between two looks. */
const INTERVAL = 5_000;

/**
 * Waits for node ports that the API server holds for a Service that it never made: where the request for it was cut off, as by
 * the end of the provider, it keeps the port until its own repair finds that nobody has it.
 *
 * @param wanted what was being made, or would be
 * @param tell is given a sentence when there is something to wait for
 * @returns what stands in the way of ports that some other Service has, a sentence each
 */
export async function awaitNodePorts(
  cluster: Cluster,
  wanted: readonly StateResource[],
  tell: (text: string) => void,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const resource of wanted.filter(asksForNodePorts)) {
    const ref = objectOf(resource);
    if (ref === undefined || (await cluster.get(ref)) !== undefined) continue;
    const until = Date.now() + REPAIR;
    for (let told = false; ; told = true) {
      const port = await refusedPort(cluster, resource);
      if (port === undefined) break;
      const holder = await holderOf(cluster, port);
      if (holder !== undefined || Date.now() > until) {
        const who = holder === undefined ? "the API server holds" : `${describeRef(refOf(holder))} has`;
        warnings.push(`${describeRef(ref)} cannot be made: ${who} node port ${port}`);
        break;
      }
      if (!told)
        tell(
          `Kubernetes holds node port ${port} for a ${describeRef(ref)} that it never made, and lets go of it by itself within ten minutes; waiting for that.`,
        );
      await sleep(INTERVAL);
    }
  }
  return warnings;
}

interface ServiceInputs {
  readonly spec?: { readonly ports?: readonly { readonly nodePort?: number }[] };
}

const asksForNodePorts = ({ type, inputs }: StateResource): boolean =>
  type === "kubernetes:core/v1:Service" &&
  ((inputs as ServiceInputs | undefined)?.spec?.ports ?? []).some(({ nodePort }) => nodePort !== undefined);

/** The node port that a Service is refused for; `undefined` where it could be made, or not for another reason. */
async function refusedPort(cluster: Cluster, { inputs = {} }: StateResource): Promise<number | undefined> {
  try {
    await cluster.apply(inputs, { manager: "slipway", force: true, dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const port = /Invalid value: (\d+): provided port is already allocated/.exec(error.message)?.[1];
    return port === undefined ? undefined : Number(port);
  }
}

async function holderOf(cluster: Cluster, port: number): Promise<KubeObject | undefined> {
  const services = await cluster.list("v1", "Service");
  return services.find((service) =>
    ((service as unknown as ServiceInputs).spec?.ports ?? []).some(({ nodePort }) => nodePort === port),
  );
}
