import * as pulumi from "@pulumi/pulumi";

import { Problems, UserError } from "../base/errors.ts";
import { kubectlOf } from "../base/cluster.ts";
import { hookName } from "../base/hooks.ts";
import type { Kubectl } from "../base/kubectl.ts";
import { checkNodeAddresses } from "./check.ts";
import type { ExternalIpsExposure } from "./exposure.ts";

interface Node {
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/**
 * Options of a Service whose external addresses are compared with those of the cluster's nodes, in preview too, before it
 * is made or changed.
 * @param name Pulumi name, which the hook's is made of
 * @param service `metadata.name`
 * @param made the Service, once it is made: its cluster is asked
 */
export function refuseNodeAddresses(
  name: string,
  service: string,
  exposure: ExternalIpsExposure,
  made: () => pulumi.Resource,
): pulumi.CustomResourceOptions {
  const check = async (): Promise<void> => {
    const problems = new Problems(`service ${service}`);
    checkNodeAddresses(exposure, await clusterNodeAddresses(kubectlOf(made())), problems);
    problems.throwIfAny();
  };
  const hook = new pulumi.ResourceHook(hookName(name, "node-addresses"), check, { onDryRun: true });
  return { hooks: { beforeCreate: [hook], beforeUpdate: [hook] } };
}

/**
 * Asks the cluster for its nodes' addresses, internal and external, by kubectl: the provider has no call that lists objects.
 */
async function clusterNodeAddresses(kubectl: Kubectl): Promise<readonly string[]> {
  try {
    const { items } = await kubectl.get<{ readonly items: readonly Node[] }>("nodes");
    const addresses = items.flatMap(({ status }) => status?.addresses ?? []);
    // A node's host name is of no interest.
    return addresses.filter(({ type }) => type.endsWith("IP")).map(({ address }) => address);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new UserError("external addresses", [
      {
        key: "nodeAddresses",
        value: undefined,
        allowed: `must be given where kubectl cannot list them: ${reason}`,
      },
    ]);
  }
}
