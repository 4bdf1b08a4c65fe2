import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "yaml";

import type { Log } from "./base/progress.ts";
import { kubeconfigFile } from "./cluster/index.ts";
import { backendDir } from "./env.ts";

/** Says which cluster the stacks in the backend are on. */
const marker = join(backendDir, "cluster");

/**
 * Forgets stacks whose objects are gone: a cluster that was made anew knows nothing of what was on the one before, and Pulumi would
 * take all of it for unchanged.
 */
export async function matchBackend(log: Log): Promise<void> {
  const cluster = clusterIdentity(await readFile(kubeconfigFile, "utf8"));
  const known = existsSync(marker) ? await readFile(marker, "utf8") : undefined;
  if (known === cluster) return;
  if (known !== undefined) {
    log.info("The cluster is a new one: the stacks of the one before are forgotten.");
    await rm(backendDir, { recursive: true });
    await mkdir(backendDir, { mode: 0o700 });
  }
  await writeFile(marker, cluster);
}

/** What no other cluster has: its authority. */
export function clusterIdentity(kubeconfig: string): string {
  const { clusters } = parse(kubeconfig) as {
    readonly clusters: readonly { readonly cluster: { readonly "certificate-authority-data": string } }[];
  };
  const authority = clusters[0]?.cluster["certificate-authority-data"] ?? "";
  return createHash("sha256").update(authority).digest("hex");
}
