import { describeLock } from "../../state/locks.ts";
import { nameOf } from "../../state/resource.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";
import { describeRef } from "../../../kubernetes/object.ts";

export function checkState(snapshot: Snapshot): readonly Diagnosis[] {
  const { pending, locks } = snapshot;
  return [
    ...locks.map((lock): Diagnosis => ({
      severity: lock.state === "stale" ? "error" : "warning",
      check: "state",
      about: "the stack",
      message: `is locked by ${describeLock(lock)}${lock.state === "stale" ? ", which is gone" : ""}`,
      advice:
        lock.state === "stale"
          ? "`slipway recover` removes the lock."
          : "Wait for it to end, or ask its user.",
    })),
    ...pending.map(({ type, resource: { urn, type: kind } }): Diagnosis => ({
      severity: "error",
      check: "state",
      about: `${kind.split(":").at(-1) ?? kind} ${nameOf(urn)}`,
      message: `was being worked on (${type}) when a run was killed`,
      advice: "`slipway recover` finds out what came of it.",
    })),
    ...missingObjects(snapshot),
  ];
}

function missingObjects({ missing, stated, cluster: { context, server } }: Snapshot): readonly Diagnosis[] {
  if (missing.length > 0 && missing.length === stated) {
    return [
      {
        severity: "error",
        check: "state",
        about: "the stack",
        message: `has none of its ${stated} objects in the cluster of context ${context}, ${server}`,
        advice:
          "Is it another cluster? Then choose the right one: `kubectl config use-context`. If the stack is to be on this one, `pulumi up --refresh` makes all of it again; what is on the former one stays there.",
      },
    ];
  }
  return missing.map((ref) => ({
    severity: "error",
    check: "state",
    about: describeRef(ref),
    message: "is in the state and not in the cluster: somebody removed it behind Pulumi's back",
    advice: "`pulumi up --refresh` makes it again; `slipway drift` shows what else was changed.",
  }));
}

export function checkNamespaces({ objects, namespaces, remains }: Snapshot): readonly Diagnosis[] {
  return (objects["Namespace"] ?? [])
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map(({ metadata: { name, deletionTimestamp = "" } }) => {
      const waiting = remains[name] ?? [];
      return {
        severity: namespaces.includes(name) ? "error" : "warning",
        check: "namespaces",
        about: `Namespace ${name}`,
        message: `is to go since ${deletionTimestamp}${waiting.length > 0 ? ", and cannot" : ""}`,
        advice:
          waiting.length > 0
            ? "Whoever set a finalizer takes it away when it has cleaned up; if that program is gone, take it away by `kubectl edit`."
            : "It waits for its pods to end.",
        ...(waiting.length > 0 && { lines: waiting }),
      };
    });
}
