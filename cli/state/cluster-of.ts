import { existsSync } from "node:fs";

import type { KubeconfigOptions } from "../cluster/kubeconfig.ts";
import { type Checkpoint, resourcesOf } from "./checkpoint.ts";
import { isObject } from "./resource.ts";

/**
 * Which cluster a stack's objects are on, as its provider was told: a context, a kubeconfig, or nothing, which is what KUBECONFIG
 * says. Of several providers it is the one with the most objects. A kubeconfig that is kept secret is not read: then it is the
 * one of KUBECONFIG.
 */
export function clusterOf(checkpoint: Checkpoint): KubeconfigOptions {
  const resources = resourcesOf(checkpoint);
  const counts = new Map<string, number>();
  for (const resource of resources.filter(isObject)) {
    const provider = resource.provider?.split("::").slice(0, -1).join("::") ?? "";
    counts.set(provider, (counts.get(provider) ?? 0) + 1);
  }
  const [urn] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  const { inputs = {} } = resources.find((resource) => resource.urn === urn) ?? {};
  const { context, kubeconfig } = inputs;
  return {
    ...(typeof context === "string" && { context }),
    ...(typeof kubeconfig === "string" && isMeant(kubeconfig) && { kubeconfig }),
  };
}

/**
 * Whether a provider's kubeconfig is still the one to use. Its contents are. A path is that of the machine, and of the shell,
 * that the last run was on: KUBECONFIG of whoever calls goes before it, as it does in the program's next run.
 */
const isMeant = (kubeconfig: string): boolean =>
  kubeconfig.includes("\n") ||
  kubeconfig.trimStart().startsWith("{") ||
  (!process.env["KUBECONFIG"] && existsSync(kubeconfig));
