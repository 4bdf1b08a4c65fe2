import type * as pulumi from "@pulumi/pulumi";

import { explainClaims } from "./claim-failure.ts";
import { explainInit } from "./init-failure.ts";
import { explainPlacement } from "./placement-failure.ts";
import type { PodArgs } from "./pod.ts";
import { mountsOf } from "./volumes.ts";

/**
 * Options of a workload that say what kept its pods from starting, where the provider does not.
 * @param name Pulumi name, which the hooks' are made of
 * @param component what the reasons are shown with
 * @param more further hooks of the workload's own
 */
export function explainFailure(
  name: string,
  args: PodArgs,
  component: pulumi.Resource,
  more: pulumi.ResourceHookBinding = {},
): pulumi.CustomResourceOptions {
  const hasOthers = Object.keys({ ...args.initContainers, ...args.sidecars }).length > 0;
  const mountsClaim = mountsOf(args).some(
    ({ claim, template }) => claim !== undefined || template !== undefined,
  );
  const onError = [
    ...(hasOthers ? [explainInit(name, component)] : []),
    explainPlacement(name, component),
    ...(mountsClaim ? [explainClaims(name, component)] : []),
    ...(more.onError ?? []),
  ];
  return { hooks: { ...more, onError } };
}
