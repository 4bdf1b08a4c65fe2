import type { Problems } from "../base/errors.ts";
import { addressOrCidr, hasControls, type Rule, rule } from "../base/rules/index.ts";
import {
  NGINX_ANNOTATIONS,
  type NginxAnnotation,
  type NginxOptions,
  type NginxValues,
} from "./nginx-annotations.ts";

/** What every annotation of ingress-nginx begins with. */
const NGINX_PREFIX = "nginx.ingress.kubernetes.io/";

/** Why Traefik does not honour what it at least knows. */
const REFUSED: Readonly<Record<string, string>> = {
  "configuration-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute",
  "server-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute",
  "auth-snippet":
    "holds nginx configuration, which Traefik is not let to read here; use a forwardAuth middleware of an ingressRoute",
  "affinity-canary-behavior":
    "changes nothing in Traefik, whose clients always stay with the version they had",
  "affinity-mode": "changes nothing in Traefik, whose mode is always persistent",
  "denylist-source-range": "is not honoured by Traefik; list who may come in allowlist-source-range",
  "mirror-target": "is not honoured by Traefik; use the mirroring of a TraefikService",
  "preserve-trailing-slash": "changes nothing in Traefik, which always preserves it",
};

const NOT_HONOURED = "is not honoured by Traefik 3.7.11";

/** The annotations of an Ingress as Kubernetes wants them: names in full, values as text. */
export const nginxAnnotations = (options: NginxOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        `${NGINX_PREFIX}${name}`,
        Array.isArray(value) ? value.join(",") : String(value),
      ]),
  );

/** An annotation of ingress-nginx: where it was given, and its value. */
interface Given {
  readonly key: string;
  readonly value: string;
}

/** What was given of ingress-nginx, by the names without prefix; an option wins over an annotation in full. */
function givenOf(
  nginx: NginxOptions,
  annotations: Readonly<Record<string, string>>,
): ReadonlyMap<string, Given> {
  const short = (name: string): string => name.slice(NGINX_PREFIX.length);
  return new Map<string, Given>([
    ...Object.entries(annotations)
      .filter(([name]) => name.startsWith(NGINX_PREFIX))
      .map(([name, value]) => [short(name), { key: `annotations.${name}`, value }] as const),
    ...Object.entries(nginxAnnotations(nginx)).map(
      ([name, value]) => [short(name), { key: `nginx.${short(name)}`, value }] as const,
    ),
  ]);
}

/**
 * Records each annotation of ingress-nginx that Traefik would leave aside, or whose value it would.
 * @param annotations of the user's, which may be of ingress-nginx, too
 */
export function checkNginx(
  nginx: NginxOptions,
  annotations: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  const given = givenOf(nginx, annotations);
  for (const [name, { key, value }] of given) {
    if (Object.hasOwn(NGINX_ANNOTATIONS, name)) {
      problems.check(key, value, VALUES[NGINX_ANNOTATIONS[name as NginxAnnotation]]);
    } else {
      problems.add(key, value, REFUSED[name] ?? NOT_HONOURED);
    }
  }
  checkCanary(given, problems);
}

/** Records annotations of ingress-nginx on an Ingress that the provider which reads them does not read. */
export function refuseNginx(annotations: Readonly<Record<string, string>>, problems: Problems): void {
  for (const [name, { key, value }] of givenOf({}, annotations)) {
    const allowed = Object.hasOwn(NGINX_ANNOTATIONS, name)
      ? `is read only of a route with nginx: { "${name}": … }`
      : (REFUSED[name] ?? NOT_HONOURED);
    problems.add(key, value, allowed);
  }
}

/**
 * Records what is wrong with a redirect to https. Traefik's provider leads to port 443, whatever port clients reach, and
 * does so for every Ingress with TLS that does not say otherwise.
 * @param port of `redirectToHttps`
 */
export function checkNginxRedirect(
  nginx: NginxOptions,
  { port, tls }: { readonly port: number | undefined; readonly tls: boolean },
  problems: Problems,
): void {
  for (const name of ["ssl-redirect", "force-ssl-redirect"] as const) {
    const given = nginx[name];
    const conflict = port !== undefined && String(given) === "true";
    problems.unless(
      !conflict,
      `nginx.${name}`,
      given,
      "leads to port 443; leave it out beside redirectToHttps",
    );
  }
  const said =
    port !== undefined || nginx["ssl-redirect"] !== undefined || nginx["force-ssl-redirect"] !== undefined;
  problems.unless(
    !tls || said,
    "redirectToHttps",
    undefined,
    'is required with nginx and tls: the port at which clients reach https; or say "ssl-redirect": false',
  );
}

const VALUES: Readonly<Record<keyof NginxValues, Rule<string>>> = {
  // Several headers may stand in one value, a line each.
  text: rule(
    "must not be empty, nor have control characters",
    (text) => text !== "" && !hasControls(text.replaceAll("\n", "")),
  ),
  switch: rule('must be "true" or "false"', (text) => /^(true|false)$/.test(text)),
  number: rule("must be a whole number", (text) => /^\d{1,9}$/.test(text)),
  addresses: rule("must be addresses or CIDRs, joined by commas", (text) =>
    text.split(",").every((part) => addressOrCidr.test(part.trim())),
  ),
};

function checkCanary(given: ReadonlyMap<string, Given>, problems: Problems): void {
  const criteria = ["canary-weight", "canary-by-header", "canary-by-cookie"] as const;
  const some = criteria.some((name) => given.has(name));
  const { key = "nginx.canary", value } = given.get("canary") ?? {};
  if (value === "true") {
    problems.unless(some, key, value, `needs one of ${criteria.join(", ")}`);
  } else {
    problems.unless(!some, key, value, 'must be "true" for the other canary annotations to count');
  }
  for (const name of ["canary-by-header-value", "canary-by-header-pattern"]) {
    const refined = given.get(name);
    if (refined !== undefined && !given.has("canary-by-header"))
      problems.add(refined.key, refined.value, "needs canary-by-header");
  }
  checkWeight(given, problems);
}

/**
 * Records weights that Traefik takes for others.
 * Source: {@link https://github.com/traefik/traefik/blob/v3.7.11/pkg/provider/kubernetes/ingress-nginx/build.go}.
 */
function checkWeight(given: ReadonlyMap<string, Given>, problems: Problems): void {
  const total = given.get("canary-weight-total");
  const weight = given.get("canary-weight");
  const whole = Number(total?.value ?? 100);
  if (total !== undefined && whole < 100)
    problems.add(total.key, total.value, "must be at least 100: Traefik takes less for 100");
  else if (weight !== undefined && Number(weight.value) > whole)
    problems.add(weight.key, weight.value, `must be at most ${whole}: Traefik takes more for all requests`);
}
