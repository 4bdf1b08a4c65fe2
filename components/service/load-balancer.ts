import * as pulumi from "@pulumi/pulumi";

import { hookName, logFailure } from "../base/hooks.ts";

/** A Service of type LoadBalancer whose address is waited for. */
export interface AwaitedService {
  /** `metadata.name` */
  readonly service: string;
  /** `spec.loadBalancerClass` */
  readonly class?: string | undefined;
  /** Seconds that `up` waits. @default 120 */
  readonly timeoutSeconds?: number | undefined;
  /** What to write instead, where there is no load balancer. */
  readonly instead: string;
}

/**
 * Options of a Service that waits for its address: for so long, and then with an explanation.
 * @param name Pulumi name, which the hook's is made of
 */
export function awaitAddress(name: string, awaited: AwaitedService): pulumi.CustomResourceOptions {
  const { timeoutSeconds: seconds = 120 } = awaited;
  const timeout = `${seconds}s`;
  const explain = new pulumi.ErrorHook(hookName(name, "load-balancer"), async ({ urn, errors }) => {
    if (errors.some((error) => error.includes("not allocated an IP address")))
      await logFailure(urn, missingAddress(awaited, seconds));
    return false;
  });
  return { customTimeouts: { create: timeout, update: timeout }, hooks: { onError: [explain] } };
}

/** What a load balancer without an address means, and what to do. */
function missingAddress({ service, class: name, instead }: AwaitedService, seconds: number): string {
  const served = name === undefined ? "" : ` of class ${name}`;
  return (
    `service ${service}: no load balancer${served} gave it an address within ${seconds} s. ` +
    `Clusters outside a cloud have none: install one (components/metallb), or use ${instead}. ` +
    "If there is one, its pool may be empty: see the events of the Service."
  );
}
