import { claimName } from "../../components/app/claims.ts";
import { appLabels } from "../../components/base/labels.ts";
import { checkLabels } from "../../components/base/metadata.ts";
import type { Problems } from "../../components/base/errors.ts";
import { serviceName } from "../../components/base/rules/index.ts";
import { pathSlug } from "../../components/route/resource.ts";
import { strippedPrefix } from "../../components/route/rule.ts";
import { PROXY } from "../../components/sign-in/proxy.ts";
import { middlewareName } from "../../components/sign-in/sign-in.ts";
import type { StackConfig } from "./resolve.ts";
import type { AppConfig } from "./resolve-app.ts";

/** An object of the stack: where it was asked for, and what no other object may be called. */
interface Claim {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined where the name is the stack's, whatever the namespace. */
  readonly namespace: string | undefined;
}

/** Records names that meet: what the program makes by itself, and what the user named. */
export function checkNames(config: StackConfig, problems: Problems): void {
  const owners = new Map<string, string>();
  for (const { key, kind, name, namespace } of claims(config)) {
    const id = JSON.stringify([kind, name, namespace]);
    const owner = owners.get(id);
    if (owner === undefined) owners.set(id, key);
    else problems.add(key, undefined, `is, or makes, the ${kind} ${name}, as ${owner} does: rename one`);
  }
  for (const app of config.apps) checkApp(app, config, problems.at("apps", app.name));
  checkHosts(config, problems);
}

function claims({ namespaces, apps, signIn }: StackConfig): Claim[] {
  const named = namespaces.flatMap(({ name: namespace, middlewares }) =>
    Object.keys(middlewares).map((name) => ({
      key: `middlewares.${name}`,
      kind: "Middleware",
      name,
      namespace,
    })),
  );
  const proxy = { key: "signIn", kind: "app", name: PROXY, namespace: undefined };
  return [
    ...named,
    ...(signIn === undefined ? [] : [proxy, ...askingClaims(apps)]),
    ...apps.flatMap(claimsOf),
  ];
}

/** The middlewares by which apps ask users to sign in; apps of a namespace share them. */
function askingClaims(apps: readonly AppConfig[]): Claim[] {
  const claims = apps.flatMap(({ name, namespace, signIn }) =>
    signIn === undefined
      ? []
      : [{ key: `apps.${name}.signIn`, kind: "Middleware", name: middlewareName(signIn), namespace }],
  );
  const isFirst = ({ name, namespace }: Claim, index: number): boolean =>
    claims.findIndex((other) => other.name === name && other.namespace === namespace) === index;
  return claims.filter(isFirst);
}

function claimsOf({ name, namespace, spec }: AppConfig): Claim[] {
  const key = `apps.${name}`;
  const stripped = spec.hosts.length > 0 && spec.kind !== "httpRoute" ? strippedPrefix(spec) : undefined;
  const redirects = spec.hosts.length > 0 && spec.nginx !== undefined;
  const middlewares = [
    ...(stripped === undefined ? [] : [`${name}-strip${pathSlug(stripped)}`]),
    ...(redirects ? [`${name}-redirect`] : []),
  ];
  return [
    { key, kind: "app", name, namespace: undefined },
    ...(spec.canary
      ? [{ key: `${key}.canary`, kind: "app", name: `${name}-canary`, namespace: undefined }]
      : []),
    ...(redirects
      ? [{ key: `${key}.nginx`, kind: "app", name: `${name}-redirect`, namespace: undefined }]
      : []),
    ...(spec.workload?.kind === "statefulSet"
      ? [{ key, kind: "app", name: `${name}-headless`, namespace: undefined }]
      : []),
    ...Object.keys(spec.claims ?? {}).map((claim) => ({
      key: `${key}.claims.${claim}`,
      kind: "PersistentVolumeClaim",
      name: claimName(name, claim),
      namespace,
    })),
    ...middlewares.map((middleware) => ({ key, kind: "Middleware", name: middleware, namespace })),
  ];
}

function checkApp({ name, labels = {}, spec }: AppConfig, { stack }: StackConfig, problems: Problems): void {
  checkLabels(labels, problems.at("labels"));
  const own = appLabels(stack, name);
  for (const [label, value] of Object.entries(labels)) {
    problems.unless(!(label in own), `labels.${label}`, value, "is set already, and pods are found by it");
  }
  const canary = `${name}-canary`;
  problems.unless(
    spec.canary === undefined || !serviceName.test(name) || serviceName.test(canary),
    "canary",
    canary,
    "is the name of its Service, which must have at most 63 characters",
  );
}

/** Records hosts that mean two things. */
function checkHosts({ apps, dashboard, tls }: StackConfig, problems: Problems): void {
  const commonName = tls === false ? undefined : tls.authority?.subject.commonName;
  for (const { name, spec } of apps) {
    problems.unless(
      dashboard === undefined || !spec.hosts.includes(dashboard.host),
      "traefik.dashboard.host",
      dashboard?.host,
      `is a host of apps.${name}: the dashboard has its own to itself`,
    );
    problems.unless(
      commonName === undefined || !spec.hosts.includes(commonName),
      "tls.authority.commonName",
      commonName,
      `is a host of apps.${name}, whose certificate would look self-signed`,
    );
  }
}
