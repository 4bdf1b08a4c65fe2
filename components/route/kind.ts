import type { Problems } from "../base/errors.ts";

/** Which Kubernetes object a route becomes. */
export type RouteKind = "ingressRoute" | "ingress" | "httpRoute";

/** All kinds of route. */
export const ROUTE_KINDS = ["ingressRoute", "ingress", "httpRoute"] as const satisfies readonly RouteKind[];

/** Records a kind that there is none of. */
export function checkKind(problems: Problems, kind: string): void {
  problems.unless(
    (ROUTE_KINDS as readonly string[]).includes(kind),
    "kind",
    kind,
    `must be one of: ${ROUTE_KINDS.join(", ")}`,
  );
}
