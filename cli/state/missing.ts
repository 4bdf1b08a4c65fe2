import { inParallel } from "../base/parallel.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ObjectRef } from "../../kubernetes/object.ts";
import { type Checkpoint, resourcesOf } from "./checkpoint.ts";
import { objectOf } from "./resource.ts";

/** The objects that a stack's state says there are. */
export const statedObjects = (checkpoint: Checkpoint): readonly ObjectRef[] =>
  resourcesOf(checkpoint).flatMap((resource) =>
    resource.delete === true || resource.id === undefined ? [] : (objectOf(resource) ?? []),
  );

/** Those of them that are not in the cluster: somebody removed them, and Pulumi takes them for unchanged. */
export async function missingObjects(
  cluster: Cluster,
  refs: readonly ObjectRef[],
): Promise<readonly ObjectRef[]> {
  const present = await inParallel(refs, async (ref) => (await cluster.get(ref)) !== undefined);
  return refs.filter((_, index) => present[index] === false);
}
