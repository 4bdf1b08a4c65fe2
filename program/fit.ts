import { Problems } from "../components/base/errors.ts";
import type { PlatformFacts } from "../components/index.ts";
import { checkPluginNames } from "./config/check-plugins.ts";
import type { StackConfig } from "./config.ts";

/**
 * Holds a stack against the platform of another one that it names.
 *
 * @throws UserError with a line for each thing that it wants and the platform has not
 */
export function checkFit(
  { platformStack = "", team, apps, namespaces }: StackConfig,
  facts: PlatformFacts,
): void {
  const problems = new Problems(`platform ${platformStack}`);
  const teams = Object.keys(facts.teams).join(", ") || "none";
  const own = team === undefined ? undefined : facts.teams[team];
  const known = team === undefined || own !== undefined;
  problems.unless(known, "platform.team", team, `is no team of ${platformStack}, there are: ${teams}`);
  for (const { name, namespace, spec } of apps) {
    const at = problems.at("apps", name);
    const place = own === undefined || own.includes(namespace);
    at.unless(
      place,
      "namespace",
      namespace,
      `is no namespace of team ${team}, there are: ${own?.join(", ")}`,
    );
    const needs = (provider: string): string =>
      `needs traefik.providers.${provider} in the stack ${platformStack}`;
    const gateway = spec.kind !== "httpRoute" || facts.gatewayClass !== undefined;
    at.unless(gateway, "kind", spec.kind, needs("kubernetesGateway"));
    const acme = spec.certificate?.kind !== "acme" || facts.acme !== undefined;
    at.unless(acme, "certificate.kind", "acme", `needs traefik.acme in the stack ${platformStack}`);
    const nginx = spec.nginx === undefined || facts.nginxIngressClass !== undefined;
    at.unless(nginx, "nginx", undefined, needs("kubernetesIngressNGINX"));
  }
  for (const { middlewares } of namespaces) {
    const allowed = `needs traefik.localPlugins in the stack ${platformStack}`;
    checkPluginNames(middlewares, facts.plugins ?? [], allowed, problems);
  }
  problems.throwIfAny();
}
