import { z } from "zod";

import { filled, key, quantity, seconds } from "./values.ts";

const quantities = z.record(z.string(), quantity);

/** Requests and limits of a container. */
export const resources = z.strictObject({
  requests: key(quantities, "What the scheduler sets aside: `{ cpu: 50m, memory: 64Mi }`."),
  limits: key(quantities, "What may not be exceeded: `{ cpu: 500m, memory: 256Mi }`."),
});

/** A toleration as Kubernetes has it. */
export const toleration = z.strictObject({
  key: key(filled, "Key of the taint."),
  operator: key(z.enum(["Exists", "Equal"]), "How the value is compared.", "Equal"),
  value: key(z.string(), "Value of the taint."),
  effect: key(z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]), "Effect of the taint.", "any"),
  tolerationSeconds: key(seconds, "How long a pod stays on a node with the taint."),
});
