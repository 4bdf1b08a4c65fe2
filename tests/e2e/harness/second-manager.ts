import { inParallel } from "../../../cli/base/parallel.ts";
import { Cluster } from "../../../cli/cluster/cluster.ts";
import { ApiError } from "../../../cli/cluster/errors.ts";
import { describeRef } from "../../../kubernetes/object.ts";
import { resourcesOf } from "../../../cli/state/checkpoint.ts";
import { objectOf } from "../../../cli/state/resource.ts";
import { readState, stateFile } from "../../../lab/state.ts";
import type { TestStack } from "./stack.ts";

/** What stands in place of a secret in a state. */
const ENCRYPTED = "4dabf18193072939515e22adb298388d";

/**
 * What the API server says when everything that a stack has made is applied once more by somebody else, in a dry run: nothing,
 * as it should be. Each run of Pulumi is somebody else to the API server, so that what conflicts stands in the way of the `up`
 * after one that was killed. A field conflicts that is set as a whole and that the API server fills up with its defaults.
 */
export async function conflicts({
  project,
  name,
}: Pick<TestStack, "project" | "name">): Promise<readonly string[]> {
  const objects = resourcesOf(readState(stateFile(project, name)))
    .filter(({ inputs }) => inputs !== undefined && !JSON.stringify(inputs).includes(ENCRYPTED))
    .flatMap((resource) => {
      const ref = objectOf(resource);
      return ref === undefined ? [] : [{ ref, object: { ...resource.inputs } }];
    });
  const cluster = await Cluster.open();
  try {
    const found = await inParallel(objects, async ({ ref, object }) => {
      try {
        await cluster.apply(object, { manager: nextManagerOf(object), dryRun: true });
        return [];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [`${describeRef(ref)}: ${error.message}`];
      }
    });
    return found.flat();
  } finally {
    await cluster.close();
  }
}

/** Who the next run would be to the API server: somebody else, unless the object says who. */
function nextManagerOf({ metadata }: { readonly metadata?: unknown }): string {
  const { annotations } = (metadata ?? {}) as { annotations?: Readonly<Record<string, string>> };
  return annotations?.["pulumi.com/patchFieldManager"] ?? "somebody-else";
}
