import * as pulumi from "@pulumi/pulumi";

import { hookName } from "../base/hooks.ts";
import type { LoadBalancerExposure } from "./exposure.ts";

/** Seconds that `up` waits for a load balancer's address. */
const TIMEOUT_SECONDS = 120;

/**
 * Options of a Service that waits for its address: for as long as the exposure says, and then with an explanation.
 * @param name Pulumi name, which the hook's is made of
 * @param service `metadata.name`
 * @param component what the explanation is shown with
 */
export function awaitAddress(
  name: string,
  service: string,
  exposure: LoadBalancerExposure,
  component: pulumi.Resource,
): pulumi.CustomResourceOptions {
  const seconds = exposure.timeoutSeconds ?? TIMEOUT_SECONDS;
  const timeout = `${String(seconds)}s`;
  const explain = new pulumi.ErrorHook(hookName(name, "load-balancer"), async ({ errors }) => {
    if (errors.some((error) => error.includes("not allocated an IP address")))
      await pulumi.log.error(missingAddress(service, exposure, seconds), component);
    return false;
  });
  return { customTimeouts: { create: timeout, update: timeout }, hooks: { onError: [explain] } };
}

/** What a load balancer without an address means, and what to do. */
export function missingAddress(service: string, exposure: LoadBalancerExposure, seconds: number): string {
  const served = exposure.class === undefined ? "" : ` of class ${exposure.class}`;
  return (
    `service ${service}: no load balancer${served} gave it an address within ${String(seconds)} s. ` +
    "Clusters outside a cloud have none: install one (components/metallb), or use the exposure nodePort. " +
    "If there is one, its pool may be empty: see the events of the Service."
  );
}
