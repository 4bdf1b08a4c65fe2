import type { KubeObject } from "../cluster/object.ts";
import { PROJECT_LABEL, STACK_LABEL } from "../../components/base/labels.ts";
import type { StateResource } from "../state/resource.ts";

/** Whether an object is the one a resource of a stack stands for, and why, or why not. */
export interface Ownership {
  readonly own: boolean;
  /** The end of a sentence. */
  readonly reason: string;
}

/** Name that the Kubernetes provider gives as the manager of what it sets: one for each run, or its own. */
const PULUMI_MANAGER = /^pulumi-(kubernetes|resource-kubernetes)/;

/**
 * Whether an object is a stack's own.
 *
 * The stack's labels decide, where the resource is to have them. Without any, it is its own only if the stack was interrupted
 * while it made an object of this name, and what is there was made by Pulumi and is what was to be made, field by field.
 * @param pending whether the stack was interrupted while it made it
 */
export function ownership(resource: StateResource, object: KubeObject, pending: boolean): Ownership {
  const { metadata } = object;
  const inputs = (resource.inputs ?? {}) as { metadata?: { labels?: Record<string, unknown> } };
  const wanted = inputs.metadata?.labels ?? {};
  const has = metadata.labels ?? {};
  if (metadata.deletionTimestamp !== undefined) return { own: false, reason: "it is being deleted" };

  const stackLabels = [PROJECT_LABEL, STACK_LABEL].filter((label) => label in wanted);
  if (stackLabels.length > 0) {
    const other = stackLabels.find((label) => has[label] !== wanted[label]);
    if (other === undefined) return { own: true, reason: "it has the stack's labels" };
    const found = has[other];
    return {
      own: false,
      reason: found === undefined ? `it has no label ${other}` : `its label ${other} is ${found}`,
    };
  }
  if (!pending) return { own: false, reason: "nothing says whose it is" };
  const managers = (metadata.managedFields ?? []).map(({ manager }) => manager);
  if (!managers.some((manager) => PULUMI_MANAGER.test(manager))) {
    return { own: false, reason: "it was not made by Pulumi" };
  }
  return covers(object, inputs)
    ? { own: true, reason: "it was being made, and is as it was to be" }
    : { own: false, reason: "it is not what was being made" };
}

/** How Pulumi marks a value that it keeps encrypted, and a preview one that it does not show. */
export const isSecret = (value: unknown): boolean =>
  value === "[secret]" ||
  (typeof value === "object" &&
    value !== null &&
    SECRET_KEY in value &&
    value[SECRET_KEY] === SECRET_SIGNATURE);

/** Source: `SigKey` and `SecretSig` of Pulumi's SDK. */
export const SECRET_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value has all that another has: what the API server added does not count, and what is secret is not compared. */
export function covers(has: unknown, wanted: unknown): boolean {
  if (isSecret(wanted)) return has !== undefined;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(has) && has.length === wanted.length && wanted.every((item, at) => covers(has[at], item))
    );
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof has !== "object" || has === null) return Object.keys(wanted).length === 0;
    return Object.entries(wanted).every(([key, value]) =>
      covers((has as Record<string, unknown>)[key], value),
    );
  }
  return has === wanted;
}
