import type { Problems } from "../base/errors.ts";
import { checkAnnotations } from "../base/metadata.ts";

const TRAEFIK_PREFIX = "traefik.ingress.kubernetes.io/";

/**
 * The annotations of an Ingress that Traefik 3.7 reads.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/ingress/}.
 */
const ROUTER =
  /^router\.(entrypoints|middlewares|priority|pathmatcher|rulesyntax|tls(\.(certresolver|options|domains\.\d+\.(main|sans)))?|observability\.(accesslogs|metrics|tracing|traceverbosity))$/;

/** Records each annotation that Traefik would leave aside, or drop the route for, and the ones of earlier times. */
export function checkRouteAnnotations(
  kind: string,
  annotations: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  checkAnnotations(annotations, problems);
  for (const [name, value] of Object.entries(annotations)) {
    if (name === "kubernetes.io/ingress.class") {
      problems.add(name, value, "is set by the route's own Traefik: leave it out");
    }
    if (!name.startsWith(TRAEFIK_PREFIX)) continue;
    const short = name.slice(TRAEFIK_PREFIX.length);
    const wrong = complaint(kind, short);
    if (wrong !== undefined) problems.add(name, value, wrong);
  }
}

function complaint(kind: string, annotation: string): string | undefined {
  if (kind !== "ingress") return "is for kind ingress";
  if (annotation.startsWith("service.")) return "belongs to the Service, where Traefik reads it";
  return ROUTER.test(annotation) ? undefined : "is not read by Traefik 3, which drops an Ingress that has it";
}
