import type { types } from "@pulumi/kubernetes";

import type { ObjectArgs } from "./component.ts";
import { appLabels, stackLabels, type StringMap } from "./labels.ts";
import { placeOf } from "./place.ts";

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
