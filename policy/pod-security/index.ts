import { baselineChecks } from "./baseline.ts";
import type { Check } from "./check.ts";
import type { Pod } from "./pod.ts";
import { restrictedChecks } from "./restricted.ts";

export { containersOf, type Container, type Pod, type PodSpec } from "./pod.ts";

/** Levels of the Pod Security Standards, from the one that forbids nothing. */
export const LEVELS = ["privileged", "baseline", "restricted"] as const;

export type SecurityLevel = (typeof LEVELS)[number];

/** What a pod does that a level forbids. */
export interface Violation {
  /** The check that failed, by the name it has in Kubernetes: `hostPorts`. */
  readonly check: string;
  /** Who must do what, as a sentence: `container web must set …`. */
  readonly message: string;
}

/** Checks that a stricter one takes the place of. */
const OVERRIDDEN = ["capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline"];

const CHECKS: Readonly<Record<SecurityLevel, readonly (readonly [string, Check])[]>> = {
  privileged: [],
  baseline: Object.entries(baselineChecks),
  restricted: [
    ...Object.entries(baselineChecks).filter(([name]) => !OVERRIDDEN.includes(name)),
    ...Object.entries(restrictedChecks),
  ],
};

/**
 * What keeps a pod from a namespace that enforces a level; nothing if it is let in. The same verdict as the API server's of Kubernetes
 * 1.36 (`latest`), check by check: tests/policy/pod-security.test.ts holds it against Kubernetes' own code.
 *
 * Source: {@link https://kubernetes.io/docs/concepts/security/pod-security-standards/}.
 */
export function violations(pod: Pod, level: SecurityLevel): readonly Violation[] {
  return CHECKS[level].flatMap(([check, run]) => run(pod).map((message) => ({ check, message })));
}
