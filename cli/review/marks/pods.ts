import { specOf, type StackObject } from "../../objects/object.ts";
import { SERVING, templateOf } from "../../objects/pods.ts";
import { listAt, textAt, valueAt, type Value } from "../../preview/values.ts";
import type { Change, World } from "../change.ts";
import { type Field, pathText } from "../fields.ts";
import { enumerate, type Mark, markIf, type Rule } from "./mark.ts";
import { describeRef } from "../../../kubernetes/object.ts";

/** Fields of a change that are in the pod template. */
export const templateFields = ({ kind, fields }: Change): readonly Field[] =>
  SERVING.has(kind) ? fields.filter(({ path }) => path[0] === "spec" && path[1] === "template") : [];

/** Pods that are replaced, and pods that would have to be for a change to reach them. */
export const restartMarks: Rule = (change, { after, changes }) => {
  const fields = templateFields(change);
  if (fields.length > 0 && change.operation === "update") {
    const paths = [...new Set(fields.map(({ path }) => pathText(path.slice(2)).replace(/^spec\./, "")))];
    return markIf(true, "restart", "notice", `its pods are replaced because of ${enumerate(paths, 3)}`);
  }
  return staleMarks(change, after, changes);
};

/** A ConfigMap or Secret that pods have read as environment when they started. */
function staleMarks(change: Change, { readers }: World, changes: readonly Change[]): readonly Mark[] {
  const { kind, title, operation } = change;
  if ((kind !== "ConfigMap" && kind !== "Secret") || operation !== "update" || !change.fields.some(isData))
    return [];
  const restarts = (workload: string): boolean =>
    changes.some(
      (each) => each.title === workload && (each.operation !== "update" || templateFields(each).length > 0),
    );
  const stale = (readers.get(title) ?? [])
    .filter(({ object, environment }) => environment && SERVING.has(object.kind))
    .map(({ object }) => describeRef(object))
    .filter((workload) => !restarts(workload));
  return markIf(
    stale.length > 0,
    "stale",
    "warning",
    `${enumerate(stale)} has it as environment variables, and its pods do not restart`,
  );
}

/** Whether a field is what a ConfigMap or Secret holds. */
export const isData = ({ path: [first] }: Field): boolean =>
  first === "data" || first === "stringData" || first === "binaryData";

/** How many pods a workload runs, its autoscaler's least where it has one. */
export function podCount(object: StackObject, { objects }: World): number {
  const scaler = objects.find(
    (candidate) =>
      candidate.kind === "HorizontalPodAutoscaler" &&
      candidate.namespace === object.namespace &&
      textAt(specOf(candidate), "scaleTargetRef", "kind") === object.kind &&
      textAt(specOf(candidate), "scaleTargetRef", "name") === object.name,
  );
  const said = numberOf(valueAt(specOf(object), "replicas")) ?? 1;
  return scaler === undefined ? said : Math.max(said, numberOf(valueAt(specOf(scaler), "minReplicas")) ?? 1);
}

const numberOf = (value: Value | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;

/** How many of a Deployment's pods may be missing during an update. Source: `ResolveFenceposts` of Kubernetes' deployment controller. */
export function mayBeMissing(object: StackObject, pods: number): number {
  const strategy = valueAt(specOf(object), "strategy");
  if (textAt(strategy, "type") === "Recreate") return pods;
  const share = (value: Value | undefined, round: (count: number) => number): number => {
    if (typeof value === "number") return value;
    return round((Number.parseFloat(typeof value === "string" ? value : "25%") / 100) * pods);
  };
  const surge = share(valueAt(strategy, "rollingUpdate", "maxSurge"), Math.ceil);
  const missing = share(valueAt(strategy, "rollingUpdate", "maxUnavailable"), Math.floor);
  return surge === 0 && missing === 0 ? 1 : missing;
}

/** Whether every container says when it can take requests. */
export const isProbed = (object: StackObject): boolean =>
  listAt(templateOf(object), "spec", "containers").every(
    (container) => valueAt(container, "readinessProbe") !== undefined,
  );
