import type { StackInfo } from "./stack.ts";

/** Kubernetes labels or annotations with plain values. */
export type StringMap = Readonly<Record<string, string>>;

/** Label that names the stack an object belongs to; Traefik's providers filter by it. */
export const STACK_LABEL = "slipway.dev/stack";

/** Label that names the shared platform whose Traefik reads an object; absent where the stack has a Traefik to itself. */
export const PLATFORM_LABEL = "slipway.dev/platform";

/** Label that names the Pulumi project an object belongs to. */
export const PROJECT_LABEL = "slipway.dev/project";

/** Label with the date, `YYYY-MM-DD`, after which a lab's objects may be removed. */
export const EXPIRES_LABEL = "slipway.dev/expires";

/**
 * Labels that select an app's pods. A selector is immutable, so it is built from the two names that never change:
 * the app's and the stack's.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ | Recommended Labels}.
 */
export function selectorLabels(stack: StackInfo, app: string): StringMap {
  return { "app.kubernetes.io/name": app, "app.kubernetes.io/instance": `${stack.project}-${stack.stack}` };
}

/** Labels of every object of an app: the selector's, and whose the object is. */
export function appLabels(stack: StackInfo, app: string): StringMap {
  return { ...selectorLabels(stack, app), ...stackLabels(stack) };
}

/** Labels of every object of a stack. */
export function stackLabels(stack: StackInfo): StringMap {
  return {
    "app.kubernetes.io/part-of": stack.project,
    "app.kubernetes.io/managed-by": "pulumi",
    [PROJECT_LABEL]: stack.project,
    [STACK_LABEL]: stack.stack,
    ...(stack.platform === undefined ? {} : { [PLATFORM_LABEL]: stack.platform }),
    ...(stack.expires === undefined ? {} : { [EXPIRES_LABEL]: stack.expires }),
  };
}

/** Labels of an object's pods, which do without its expiry: another date must not replace pods, nor run a Job again. */
export const lastingLabels = (labels: StringMap): StringMap =>
  Object.fromEntries(Object.entries(labels).filter(([label]) => label !== EXPIRES_LABEL));
