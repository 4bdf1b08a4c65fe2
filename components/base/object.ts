import * as pulumi from "@pulumi/pulumi";

import { transformed, type Transform } from "./transform.ts";

/**
 * Arguments and options of a class of the library that is a Kubernetes object itself: a component around one object would only
 * be a further resource in the state, and the engine writes file and bucket states as a whole after each step.
 *
 * @param layer module and class; up to version 0.1 each object had a component of that type around it, where older stacks have it
 * @param name Pulumi name of the class; `child` where that of the object differs
 * @param opts the user's
 * @param own options that the class needs
 */
export function asObject<T>(
  layer: `${string}:${string}`,
  name: string,
  transform: Transform<T> | undefined,
  args: T,
  opts: pulumi.CustomResourceOptions | undefined,
  own: pulumi.CustomResourceOptions = {},
): [T, pulumi.CustomResourceOptions] {
  return transformed(
    transform,
    args,
    pulumi.mergeOptions({ ...own, aliases: [below(layer, name, opts)] }, opts ?? {}),
  );
}

/** Where an object was while a component of its own was around it. */
export const below = (
  layer: `${string}:${string}`,
  name: string,
  opts: pulumi.ResourceOptions | undefined,
): pulumi.Alias => ({ parent: pulumi.createUrn(name, `slipway:${layer}`, opts?.parent) });
