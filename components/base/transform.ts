import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * Escape hatch to a child resource: changes the arguments and options the component made, for what the component has
 * no argument for. Returns nothing to keep them, after changing them in place, or the arguments to use instead.
 */
export type Transform<T> = (args: T, opts: CustomResourceOptions) => T | undefined;

/** The arguments of a child resource after the user's transform, and its options, which the transform may change in place. */
export function transformed<T>(
  transform: Transform<T> | undefined,
  args: T,
  opts: CustomResourceOptions,
): [T, CustomResourceOptions] {
  return [transform?.(args, opts) ?? args, opts];
}
