import * as pulumi from "@pulumi/pulumi";

/** Kinds of the Kubernetes provider that have a pod template. */
const WORKLOAD = /^kubernetes:(apps\/v1:(Deployment|DaemonSet|StatefulSet)|batch\/v1:(Job|CronJob))$/;

/** What the API server adds to a reference that has not got it. */
const DEFAULTS: Readonly<Record<string, object>> = {
  fieldRef: { apiVersion: "v1" },
  resourceFieldRef: { divisor: "0" },
};

/**
 * Gives the pods of a chart the API server's defaults in references to their own fields.
 *
 * Server-side apply sets such a reference as a whole. Without the defaults, what is there differs from what was applied, and a
 * run under another name, such as the one after a run that was killed, conflicts. The library's own pods have them, see
 * `workload/env.ts`.
 */
export const wholeReferences: pulumi.ResourceTransform = ({ type, props, opts }) =>
  WORKLOAD.test(type) ? { props: withDefaults(props) as object, opts } : undefined;

/** A value with whole references in it, at every depth that is known. */
export function withDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDefaults);
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const defaults = DEFAULTS[key];
      const known = typeof inner === "object" && inner !== null && !pulumi.Output.isInstance(inner);
      return [key, defaults !== undefined && known ? { ...defaults, ...inner } : withDefaults(inner)];
    }),
  );
}
