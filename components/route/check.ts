import type { Problems } from "../base/errors.ts";
import { checkLabels } from "../base/metadata.ts";
import { dnsLabel, objectName, port as portRule } from "../base/rules/index.ts";
import { isList } from "../base/values.ts";
import { describeRoute, type RouteDescription, servicesIn } from "./description.ts";
import { type HostTls, oneTls, type RouteTls } from "./ingress-route.ts";
import { checkNginxRedirect } from "./nginx.ts";
import type { NginxOptions } from "./nginx-annotations.ts";
import { checkObjects } from "./objects.ts";
import { checkPlace } from "./resource.ts";
import type { RouteArgs } from "./route.ts";
import { checkRouteRule, type NumberedRule } from "./rule.ts";
import { placesOfServices } from "./service-component.ts";

/** Records everything that is wrong with a route, without making anything. */
export function checkRoute(name: string, args: RouteArgs, problems: Problems): void {
  const route = describeRoute(args);
  problems.check("name", name, dnsLabel);
  checkLabels(args.labels ?? {}, problems.at("labels"));
  checkPlace(args, placesOfServices(servicesIn(route.rules)), problems);
  problems.unless(route.rules.length > 0, "rules", undefined, "must hold at least one rule");
  const some = route.entryPoints.length > 0;
  problems.unless(some, "entryPoints", undefined, "must name at least one entry point");
  const rules: readonly NumberedRule[] = route.rules.map((rule, index) => ({
    path: args.rules === undefined ? [] : ["rules", index],
    rule,
  }));
  for (const { path, rule } of rules) checkRouteRule(rule, problems.at(...path));
  checkObjects(route, rules, args.annotations ?? {}, problems);
  if (args.tls !== undefined) checkTls(args.tls, route, problems);
  const { redirectToHttps: port } = args;
  problems.check("redirectToHttps", port, portRule);
  const https = args.tls !== undefined || route.kind === "httpRoute";
  problems.unless(port === undefined || https, "redirectToHttps", port, "needs tls to redirect to");
  if (args.nginx !== undefined) checkNginxRoute(args, args.nginx, problems);
}

function checkTls(
  tls: NonNullable<RouteArgs["tls"]>,
  { kind, rules }: RouteDescription,
  problems: Problems,
): void {
  if (!isList<RouteTls | HostTls>(tls)) {
    if ("secretName" in tls) problems.check("tls.secretName", tls.secretName, objectName);
    return;
  }
  const several = "is a list for kind ingress alone: other kinds have one Secret; make a Route for each";
  problems.unless(kind === "ingress", "tls", undefined, several);
  const named = tls.flatMap(({ hosts }) => hosts);
  const asked = [...new Set(rules.flatMap(({ hosts = [] }) => hosts))];
  tls.forEach(({ secretName, hosts }, index) => {
    const at = problems.at("tls", index);
    at.check("secretName", secretName, objectName);
    at.unless(hosts.length > 0, "hosts", hosts, "must name at least one host");
    for (const host of hosts) {
      const some = asked.some((one) => isBelow(one, host));
      at.unless(some, "hosts", host, `is no host of the route, which has: ${asked.join(", ") || "none"}`);
    }
  });
  problems.checkDistinct("tls", named);
  for (const host of asked) {
    const some = named.some((name) => isBelow(host, name));
    problems.unless(some, "tls", host, "has no Secret: Traefik would serve a certificate of its own");
  }
}

/** Whether a host is a name of a certificate, or one that a name with `*.` stands for. */
const isBelow = (host: string, name: string): boolean =>
  host === name || host.replace(/^[^.]+/, "*") === name;

function checkNginxRoute(args: RouteArgs, nginx: NginxOptions, problems: Problems): void {
  const { redirectToHttps: port, entryPoints } = args;
  checkNginxRedirect(nginx, { port, tls: args.tls !== undefined }, problems);
  problems.unless(entryPoints === undefined, "entryPoints", entryPoints, "are web and websecure with nginx");
  const tls = oneTls(args.tls);
  if (tls === undefined) return;
  problems.unless(tls.options === undefined, "tls.options", undefined, 'is "auth-tls-secret" with nginx');
  const secret = "secretName" in tls;
  problems.unless(secret, "tls.certResolver", undefined, "is not read beside nginx's annotations");
}
