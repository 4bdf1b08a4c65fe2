import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives a directory to something that takes a while, and removes it afterwards, however that ended.
 *
 * As TMPDIR of a program it takes in what that program forgets: Pulumi's Kubernetes provider leaves a copy of the kubeconfig,
 * with its keys, at each start.
 */
export async function inTemporary<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-"));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
