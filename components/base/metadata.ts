import type { types } from "@pulumi/kubernetes";

import type { ObjectArgs } from "./component.ts";
import { appLabels, stackLabels, type StringMap } from "./labels.ts";

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
  const all = { ...args.annotations, ...annotations };
  return {
    name,
    namespace: args.namespace,
    labels: {
      ...args.labels,
      ...(args.app === undefined ? stackLabels(args.stack) : appLabels(args.stack, args.app)),
    },
    ...(Object.keys(all).length > 0 && { annotations: all }),
  };
}
