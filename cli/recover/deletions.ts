import { setTimeout as sleep } from "node:timers/promises";

import { inParallel } from "../base/parallel.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { KubeObject } from "../cluster/object.ts";
import { objectKey, type ObjectRef } from "../../kubernetes/object.ts";

/** Milliseconds that objects have to go which are being deleted. */
const DELETION = 120_000;

/** The objects that are there, by their key, once those that are being deleted are gone. */
export async function lastingObjects(
  cluster: Cluster,
  refs: readonly ObjectRef[],
): Promise<Map<string, KubeObject>> {
  const until = Date.now() + DELETION;
  const found = await inParallel(refs, async (ref) => {
    let object = await cluster.get(ref);
    while (object?.metadata.deletionTimestamp !== undefined && Date.now() < until) {
      await sleep(500);
      object = await cluster.get(ref);
    }
    return object;
  });
  return new Map(
    refs.flatMap((ref, index) => {
      const object = found[index];
      return object === undefined ? [] : [[objectKey(ref), object] as const];
    }),
  );
}
