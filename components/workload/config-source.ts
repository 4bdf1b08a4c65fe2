import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { isComponent, type Named, type Ref } from "../base/named.ts";
import type { ObjectArgs } from "../base/component.ts";
import type { Problems } from "../base/errors.ts";
import { checkMetadata } from "../base/metadata.ts";
import { dataKey, objectName } from "../base/rules/index.ts";

/** A ConfigMap or Secret that pods read; the components `ConfigMap`, `Secret` and `Certificate` are some. */
export interface ConfigSource extends Named {
  /**
   * Changes whenever its content does; pods that read it are rolled then.
   * @default unknown: a change of the content rolls nothing
   */
  readonly checksum?: pulumi.Input<string> | undefined;
}

/** A ConfigMap or Secret, or its name. */
export type SourceRef = Ref<ConfigSource>;

/** Annotation of a pod template that changes with the configuration its pods read. */
export const CHECKSUM_ANNOTATION = "slipway.dev/config-checksum";

/** Short digest that changes when any of the parts does. */
export const digest = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

/** Annotation for a pod template that reads these; none when no content is known. */
export function checksumAnnotation(refs: readonly SourceRef[]): Record<string, pulumi.Input<string>> {
  const sums = refs.filter(isComponent).flatMap(({ checksum }) => (checksum === undefined ? [] : [checksum]));
  if (sums.length === 0) return {};
  const checksum = pulumi.all(sums).apply((parts) => digest(...new Set(parts)));
  return { [CHECKSUM_ANNOTATION]: checksum };
}

/** Records what is wrong with the names of a ConfigMap or Secret and of its keys. */
export function checkData(
  name: string,
  args: Pick<ObjectArgs, "labels" | "annotations"> & { readonly data: Readonly<Record<string, unknown>> },
  problems: Problems,
): void {
  problems.check("name", name, objectName);
  checkMetadata(args, problems);
  for (const key of Object.keys(args.data)) problems.at("data").checkName(key, dataKey);
}
