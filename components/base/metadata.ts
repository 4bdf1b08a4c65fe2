import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

import type { ObjectArgs } from "./component.ts";
import type { Problems } from "./errors.ts";
import { appLabels, stackLabels, type StringMap } from "./labels.ts";
import { placeOf } from "./place.ts";
import { annotationKey, labelKey, labelValue } from "./rules/index.ts";

/**
 * Metadata of an object. The stack's and the app's labels win over the user's: Traefik's providers filter by them, and
 * teardown and expiry go by them.
 *
 * @param app whose object it is; without, it is the stack's
 * @param annotations more of them, which win over the user's
 */
export function metadataOf(
  name: string,
  args: ObjectArgs & { readonly app?: string | undefined },
  annotations: StringMap = {},
): types.input.meta.v1.ObjectMeta {
  const { stack, namespace } = placeOf(args);
  const all = { ...args.annotations, ...annotations };
  return {
    name,
    namespace,
    labels: {
      ...args.labels,
      ...(args.app === undefined ? stackLabels(stack) : appLabels(stack, args.app)),
    },
    ...(Object.keys(all).length > 0 && { annotations: all }),
  };
}

/** Records labels that the API server refuses. */
export function checkLabels(labels: StringMap, problems: Problems): void {
  for (const [key, value] of Object.entries(labels)) {
    problems.checkName(key, labelKey);
    problems.check(key, value, labelValue);
  }
}

/** Most bytes that the annotations of an object may have in all. */
const ANNOTATIONS_SIZE = 256 * 1024;

/** Records annotations that the API server refuses. */
export function checkAnnotations(
  annotations: Readonly<Record<string, Input<string>>>,
  problems: Problems,
): void {
  const sizes = Object.entries(annotations).map(([key, value]) => {
    problems.checkName(key, annotationKey);
    return Buffer.byteLength(key) + (typeof value === "string" ? Buffer.byteLength(value) : 0);
  });
  const size = sizes.reduce((sum, each) => sum + each, 0);
  problems.unless(
    size <= ANNOTATIONS_SIZE,
    "",
    undefined,
    `must have at most ${ANNOTATIONS_SIZE} bytes in all`,
  );
}

/** Records labels and annotations that the API server refuses. */
export function checkMetadata(
  { labels = {}, annotations = {} }: Pick<ObjectArgs, "labels" | "annotations">,
  problems: Problems,
): void {
  checkLabels(labels, problems.at("labels"));
  checkAnnotations(annotations, problems.at("annotations"));
}
