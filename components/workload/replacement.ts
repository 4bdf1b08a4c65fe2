import * as pulumi from "@pulumi/pulumi";

import { hookName, logFailure } from "../base/hooks.ts";

/** What the API server, or the provider, says to an object that would take the place of one that is there. */
const REFUSED = /already exists|apply conflict|updates to statefulset spec/;

/**
 * Options of a StatefulSet with volumes: what could only be changed by deleting it first, and its volumes with it, fails
 * instead, with what to do.
 * @param name Pulumi name, which the hook's is made of
 */
export function refuseReplacement(name: string): {
  readonly opts: pulumi.CustomResourceOptions;
  readonly hook: pulumi.ErrorHook;
} {
  const hook = new pulumi.ErrorHook(
    hookName(name, "replacement"),
    async ({ urn, newInputs, failedOperation, errors }) => {
      const refused = failedOperation === "create" && errors.some((error) => REFUSED.test(error));
      const { metadata } = newInputs as { metadata: { name: string; namespace: string } };
      if (refused) await logFailure(urn, replacementRefused(metadata));
      return false;
    },
  );
  // The new one is to be made first, which the API server refuses: there is one of that name.
  return { opts: { deleteBeforeReplace: false }, hook };
}

/**
 * Why a StatefulSet was not made: it is there, from a run that was interrupted, or as the one to be replaced. Pulumi does not
 * tell which.
 */
export const replacementRefused = ({ name, namespace }: { name: string; namespace: string }): string =>
  `stateful set ${namespace}/${name} is there already. If a run was interrupted that made it, \`slipway recover\` takes it over, ` +
  "and the next `pulumi up` goes on. Otherwise it was to be replaced, and was not, for its volumes would go with it: claims, " +
  "podManagementPolicy and revisionHistoryLimit cannot change. To make another one around its pods and volumes: " +
  `kubectl delete statefulset ${name} --namespace ${namespace} --cascade=orphan, then pulumi up --refresh`;
