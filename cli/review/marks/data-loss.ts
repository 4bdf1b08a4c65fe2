import { specOf, type StackObject } from "../../objects/object.ts";
import { referencesOf, templateOf } from "../../objects/pods.ts";
import { listAt, textAt, valueAt } from "../../preview/values.ts";
import type { Change, World } from "../change.ts";
import { enumerate, type Mark, markIf, type Rule } from "./mark.ts";
import { describeRef } from "../../../kubernetes/object.ts";

/** Claims and what stands for them: whose data is gone, or out of reach. */
export const dataLossMarks: Rule = (change, { before: world, changes }) => {
  const { before } = change;
  if (before === undefined) return [];
  const goes = change.operation === "delete" || change.operation === "replace";
  switch (change.kind) {
    case "PersistentVolumeClaim":
      return markIf(
        goes,
        "data-loss",
        "danger",
        `what is in the volume is gone, unless its reclaim policy is Retain${usedBy(before, world)}`,
      );
    case "PersistentVolume":
      return markIf(
        goes,
        "data-loss",
        "danger",
        "the volume goes; whether its data does is the storage's to say",
      );
    case "StatefulSet":
      return statefulSetMarks(change, before);
    case "Namespace": {
      const claims = world.objects.filter(
        ({ kind, namespace }) => kind === "PersistentVolumeClaim" && namespace === before.name,
      );
      const named = claims.length === 0 ? "" : `: ${enumerate(claims.map(({ name }) => name))}`;
      return markIf(goes, "data-loss", "danger", `every claim in it goes, also those of others${named}`);
    }
    case "CustomResourceDefinition":
      return markIf(
        goes,
        "data-loss",
        "danger",
        `every ${textAt(specOf(before), "names", "kind") ?? "object"} of the whole cluster is deleted with it`,
      );
    default:
      return [
        ...detached(change),
        ...markIf(goes && ownsClaims(before, changes), "data-loss", "notice", "its claims go as well"),
      ];
  }
};

function usedBy(claim: StackObject, { readers }: World): string {
  const users = readers.get(describeRef(claim)) ?? [];
  return users.length === 0
    ? ""
    : `; ${enumerate(users.map(({ object }) => `${object.kind} ${object.name}`))} uses it`;
}

const ownsClaims = (object: StackObject, changes: readonly Change[]): boolean => {
  const { PersistentVolumeClaim: names } = referencesOf(templateOf(object)).volumes;
  return changes.some(
    ({ before, kind, operation }) =>
      kind === "PersistentVolumeClaim" &&
      operation === "delete" &&
      before?.namespace === object.namespace &&
      names.has(before.name),
  );
};

/** Claims of a StatefulSet outlive it, unless it says otherwise. */
function statefulSetMarks(
  { operation, after, formerTitle, fields }: Change,
  before: StackObject,
): readonly Mark[] {
  const claims = listAt(specOf(before), "volumeClaimTemplates").map(
    (claim) => textAt(claim, "metadata", "name") ?? "",
  );
  if (claims.length === 0) return [];
  const names = enumerate(claims.map((claim) => `${claim}-${before.name}-…`));
  const policy = (key: string): string =>
    textAt(specOf(before), "persistentVolumeClaimRetentionPolicy", key) ?? "Retain";
  if (operation === "delete" || operation === "replace") {
    if (policy("whenDeleted") === "Delete") {
      return markIf(
        true,
        "data-loss",
        "danger",
        `its claims ${names} are deleted with it: persistentVolumeClaimRetentionPolicy.whenDeleted is Delete`,
      );
    }
    if (operation === "delete") {
      return markIf(
        true,
        "data-loss",
        "warning",
        `its claims ${names} stay, and nothing uses or removes them`,
      );
    }
    const kept = new Set(
      listAt(after && specOf(after), "volumeClaimTemplates").map(
        (claim) => textAt(claim, "metadata", "name") ?? "",
      ),
    );
    const renamed = formerTitle !== undefined || claims.some((claim) => !kept.has(claim));
    return markIf(
      renamed,
      "data-loss",
      "danger",
      `the new one starts with empty claims; what was written is in ${names}, which nothing uses`,
    );
  }
  const [was, will] = [replicas(before), replicas(after)];
  const fewer = fields.length > 0 && was !== undefined && will !== undefined && will < was;
  return markIf(
    fewer && policy("whenScaled") === "Delete",
    "data-loss",
    "danger",
    `claims of the pods that go are deleted: persistentVolumeClaimRetentionPolicy.whenScaled is Delete`,
  );
}

const replicas = (object: StackObject | undefined): number | undefined => {
  const value = valueAt(object && specOf(object), "replicas");
  return typeof value === "number" ? value : undefined;
};

/** Pods that used a claim and use it no longer. */
function detached({ before, after, operation }: Change): readonly Mark[] {
  if (before === undefined || after === undefined || operation === "create") return [];
  const [was, will] = [before, after].map(
    (object) => referencesOf(templateOf(object)).volumes.PersistentVolumeClaim,
  );
  const left = [...(was ?? [])].filter((claim) => will?.has(claim) !== true);
  return markIf(
    left.length > 0,
    "data-loss",
    "warning",
    `its pods no longer use the claim ${enumerate(left)}`,
  );
}
