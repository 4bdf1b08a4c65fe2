import * as pulumi from "@pulumi/pulumi";

/** How many hooks asked for a name so far. */
const taken = new Map<string, number>();

/**
 * Name of a hook. The engine wants it to be the program's only one, where a resource's name is its type's only one below
 * one type of parent: a Deployment and a Job may both be called `web`.
 * @param resource Pulumi name of the resource the hook is for
 * @param purpose what it does, as the end of the name
 */
export function hookName(resource: string, purpose: string): string {
  const name = `${resource}-${purpose}`;
  const before = taken.get(name) ?? 0;
  taken.set(name, before + 1);
  return before === 0 ? name : `${name}:${before + 1}`;
}

/**
 * Shows an error with the resource whose step failed.
 * @param urn as the hook is told: the resource itself is known only after the step, and waiting for it would never end
 */
export function logFailure(urn: string, message: string): Promise<void> {
  const known: unknown = { urn: pulumi.output(urn) };
  return pulumi.log.error(message, known as pulumi.Resource);
}
