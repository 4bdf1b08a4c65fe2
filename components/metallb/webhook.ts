import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { hookName } from "../base/hooks.ts";

/** Time that MetalLB's webhook has to answer in, once its Deployment is ready. */
const DEADLINE_MS = 60_000;

const INTERVAL_MS = 1_000;

/**
 * Options of an object that MetalLB's webhook admits. The webhook's certificate reaches its pod some seconds after the
 * Deployment is ready, and until then the API server refuses the object: it is tried again until the deadline.
 * @param name Pulumi name, which the hook's is made of
 */
export function admittedByWebhook(name: string): pulumi.CustomResourceOptions {
  let deadline: number | undefined;
  const retry = new pulumi.ErrorHook(hookName(name, "webhook"), async ({ errors }) => {
    deadline ??= Date.now() + DEADLINE_MS;
    if (!isUnreachable(errors[0] ?? "") || Date.now() > deadline) return false;
    await setTimeout(INTERVAL_MS);
    return true;
  });
  return { hooks: { onError: [retry] } };
}

/** Whether an error says that the webhook did not answer, as opposed to that it refused the object. */
export const isUnreachable = (error: string): boolean => error.includes("failed calling webhook");
