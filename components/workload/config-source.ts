import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

/** A ConfigMap or Secret that pods read: one of this program's, or any by its name. */
export interface ConfigSource {
  /** Its name. */
  readonly name: pulumi.Input<string>;
  /**
   * Changes whenever its content does; pods that read it are rolled then.
   * @default unknown: a change of the content rolls nothing
   */
  readonly checksum?: pulumi.Input<string> | undefined;
}

/** Its name, or the component that makes it. */
export type SourceRef = pulumi.Input<string> | ConfigSource;

/** Whether a reference is a component rather than a name. */
const isSource = (ref: SourceRef): ref is ConfigSource =>
  typeof ref === "object" && !pulumi.Output.isInstance(ref) && !(ref instanceof Promise);

/** Name a reference leads to. */
export const sourceName = (ref: SourceRef): pulumi.Input<string> => (isSource(ref) ? ref.name : ref);

/** Annotation of a pod template that changes with the configuration its pods read. */
const CHECKSUM_ANNOTATION = "slipway.dev/config-checksum";

/** Short digest that changes when any of the parts does. */
export const digest = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

/** Annotation for a pod template that reads these; none when no content is known. */
export function checksumAnnotation(refs: readonly SourceRef[]): Record<string, pulumi.Input<string>> {
  const sums = refs.filter(isSource).flatMap(({ checksum }) => (checksum === undefined ? [] : [checksum]));
  if (sums.length === 0) return {};
  const checksum = pulumi.all(sums).apply((parts) => digest(...new Set(parts)));
  return { [CHECKSUM_ANNOTATION]: checksum };
}
