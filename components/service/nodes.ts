import { execFile } from "node:child_process";
import { promisify } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { Problems, UserError } from "../base/errors.ts";
import { hookName } from "../base/hooks.ts";
import { checkNodeAddresses } from "./check.ts";
import type { ExternalIpsExposure } from "./exposure.ts";

const ADDRESSES = 'jsonpath={range .items[*].status.addresses[*]}{.type} {.address}{"\\n"}{end}';

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
    const args = ["get", "nodes", "--output", ADDRESSES, "--request-timeout", "10s"];
    const { stdout } = await promisify(execFile)("kubectl", args);
    return parseAddresses(stdout);
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

/** The addresses in lines of type and address; a node's host name is of no interest. */
function parseAddresses(lines: string): readonly string[] {
  const pairs = lines.split("\n").map((line) => line.split(" "));
  return pairs.flatMap(([type, address]) => (type?.endsWith("IP") && address ? [address] : []));
}
