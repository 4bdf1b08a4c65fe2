import { CliError } from "../cli/base/errors.ts";
import { Cluster } from "../cli/cluster/cluster.ts";
import { describeRef } from "../kubernetes/object.ts";
import type { Checkpoint } from "../cli/state/checkpoint.ts";
import { missingObjects, statedObjects } from "../cli/state/missing.ts";
import { LabError } from "./base/errors.ts";
import type { Log } from "./base/progress.ts";
import { kubeconfigFile } from "./cluster/index.ts";

/**
 * Tells of objects that somebody removed behind Pulumi's back, which an `up` would take for unchanged.
 *
 * @returns whether there are some, so that Pulumi has to look at the cluster first
 */
export async function tellMissing(state: Checkpoint, log: Log): Promise<boolean> {
  const refs = statedObjects(state);
  if (refs.length === 0) return false;
  try {
    const cluster = await Cluster.open({ kubeconfig: kubeconfigFile });
    try {
      const missing = await missingObjects(cluster, refs);
      for (const ref of missing) log.info(`${describeRef(ref)} was removed behind Pulumi's back.`);
      return missing.length > 0;
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (error instanceof CliError) throw new LabError(error.message, error.advice, { cause: error });
    throw error;
  }
}
