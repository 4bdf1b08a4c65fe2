import * as pulumi from "@pulumi/pulumi";

import { Problems, UserError } from "../base/errors.ts";
import { hookName } from "../base/hooks.ts";
import { kubectlGet } from "../base/kubectl.ts";
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
 */
export function refuseNodeAddresses(
  name: string,
  service: string,
  exposure: ExternalIpsExposure,
): pulumi.CustomResourceOptions {
  const check = async (): Promise<void> => {
    const problems = new Problems(`service ${service}`);
    checkNodeAddresses(exposure, await clusterNodeAddresses(), problems);
    problems.throwIfAny();
  };
  const hook = new pulumi.ResourceHook(hookName(name, "node-addresses"), check, { onDryRun: true });
  return { hooks: { beforeCreate: [hook], beforeUpdate: [hook] } };
}

/**
 * Asks the cluster for its nodes' addresses, internal and external. The provider has no call that lists objects, so
 * kubectl asks, with the kubeconfig and context it would use by hand.
 */
async function clusterNodeAddresses(): Promise<readonly string[]> {
  try {
    const { items } = await kubectlGet<{ readonly items: readonly Node[] }>("nodes");
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
