import type { KubeObject } from "../../cluster/object.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";

interface Status {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode: number };
  };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode: number } };
}

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
  readonly initContainerStatuses?: readonly Status[];
  readonly containerStatuses?: readonly Status[];
}

/** Why a pod does not do what it is there for. */
export interface PodProblem {
  readonly pod: KubeObject;
  /** One word of Kubernetes': `ImagePullBackOff`. */
  readonly reason: string;
  readonly message: string;
  /** The container in trouble; absent where no node takes the pod. */
  readonly container?: string;
  /** Whether the log that matters is the one of the run before. */
  readonly restarted: boolean;
}

/** What is wrong with a pod; `undefined` for one that is ready, done, or about to go. */
export function problemOf(pod: KubeObject): PodProblem | undefined {
  const status = (pod["status"] ?? {}) as PodStatus;
  if (status.phase === "Succeeded" || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const condition = (type: string) => status.conditions?.find((each) => each.type === type);
  if (condition("Ready")?.status === "True") return undefined;
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False")
    return {
      pod,
      reason: scheduled.reason ?? "Unschedulable",
      message: scheduled.message ?? "",
      restarted: false,
    };
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const container = statuses.find(({ ready, state }) => !ready && state?.terminated?.exitCode !== 0);
  if (container === undefined)
    return { pod, reason: status.phase ?? "Pending", message: "", restarted: false };
  const { waiting, terminated } = container.state ?? {};
  const ended = terminated ?? container.lastState?.terminated;
  const why = waiting?.reason ?? terminated?.reason ?? "NotReady";
  const exit = ended === undefined ? "" : `; it ended with ${ended.reason ?? "exit code"} ${ended.exitCode}`;
  return {
    pod,
    reason: why,
    message: (waiting?.message ?? `container ${container.name} is not ready`) + exit,
    container: container.name,
    restarted: waiting !== undefined && container.restartCount > 0,
  };
}

const ADVICE: Readonly<Record<string, string>> = {
  CrashLoopBackOff: "The program ends; its last words are below.",
  Error: "The program ended; its last words are below.",
  OOMKilled: "It took more memory than its limit: raise resources.limits.memory.",
  Unschedulable:
    "No node takes the pod: compare its requests, node selector and tolerations with `kubectl describe nodes`.",
  CreateContainerConfigError: "A Secret or ConfigMap that it names is missing, or lacks a key.",
  ContainerCreating:
    "A volume or a Secret that it mounts may be missing: `kubectl describe pod` shows the events.",
  NotReady:
    "Its readiness probe fails; its last words are below, and `kubectl describe pod` shows the answer.",
};
const IMAGE =
  "The image is not there, or may not be had: is its name right, was it pushed (`make images` in the lab), does `registry` or its password fit?";

export function checkPods({ objects, logs }: Snapshot): readonly Diagnosis[] {
  return (objects["Pod"] ?? []).flatMap((pod) => {
    const problem = problemOf(pod);
    if (problem === undefined) return [];
    const name = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
    const { reason, message } = problem;
    const lines = logs[name] ?? [];
    return [
      {
        severity: "error",
        check: "pods",
        about: `Pod ${name}`,
        message: `is not ready: ${reason}${message === "" ? "" : `, ${message}`}`,
        advice: /Image/.test(reason) ? IMAGE : (ADVICE[reason] ?? "`kubectl describe pod` shows the events."),
        ...(lines.length > 0 && { lines }),
      },
    ];
  });
}
