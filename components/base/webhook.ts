import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { hookName } from "./hooks.ts";

/** Time that a webhook has to answer in. */
const DEADLINE_MS = 60_000;

const INTERVAL_MS = 1_000;

/**
 * Hooks of an object that a webhook admits, as MetalLB's or cert-manager's. The webhook's certificate reaches its pod and the API server
 * some seconds after the Deployment is ready, and until then the API server refuses the object: it is tried again until the deadline.
 * @param name Pulumi name, which the hook's is made of
 */
export function admittedByWebhook(name: string): pulumi.ErrorHook[] {
  let deadline: number | undefined;
  const retry = new pulumi.ErrorHook(hookName(name, "webhook"), async ({ errors }) => {
    if (!isUnreachable(errors[0] ?? "")) return false;
    deadline ??= Date.now() + DEADLINE_MS;
    if (Date.now() > deadline) return false;
    await setTimeout(INTERVAL_MS);
    return true;
  });
  return [retry];
}

/** Whether an error says that the webhook did not answer, as opposed to that it refused the object. */
export const isUnreachable = (error: string): boolean => error.includes("failed calling webhook");
