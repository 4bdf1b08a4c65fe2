import type * as pulumi from "@pulumi/pulumi";

import { explainClaims } from "./claim-failure.ts";
import { explainInit } from "./init-failure.ts";
import { explainPlacement } from "./placement-failure.ts";
import type { PodArgs } from "./pod.ts";
import { mountsOf } from "./volumes.ts";

/**
 * Options of a workload that say what kept its pods from starting, where the provider does not.
 * @param name Pulumi name, which the hooks' are made of
 * @param workload the resource, once it is made
 * @param more further hooks of the workload's own
 */
export function explainFailure(
  name: string,
  args: PodArgs,
  workload: () => pulumi.Resource,
  more: pulumi.ResourceHookBinding = {},
): pulumi.CustomResourceOptions {
  const hasOthers = Object.keys({ ...args.initContainers, ...args.sidecars }).length > 0;
  const mountsClaim = mountsOf(args).some(
    ({ claim, template }) => claim !== undefined || template !== undefined,
  );
  const onError = [
    ...(hasOthers ? [explainInit(name, workload)] : []),
    explainPlacement(name, workload),
    ...(mountsClaim ? [explainClaims(name, workload)] : []),
    ...(more.onError ?? []),
  ];
  return { hooks: { ...more, onError } };
}
