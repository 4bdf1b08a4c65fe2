import {
  all,
  count,
  dataKey,
  dnsLabel,
  imageReference,
  nodePort,
  percentage,
  port,
  variableName,
} from "../base/rules/index.ts";
import { Problems } from "../base/errors.ts";
import { checkMetrics } from "../monitoring/scraping.ts";
import { checkRoute } from "../route/check.ts";
import { checkService } from "../service/check.ts";
import { checkAutoscaler } from "../workload/autoscaler.ts";
import { checkDisruptionBudget } from "../workload/disruption-budget.ts";
import { checkEnv } from "../workload/env.ts";
import { checkContainerPorts, portProtocol } from "../workload/container-ports.ts";
import { checkClaims } from "./claims.ts";
import { isServing, unsuited } from "./kinds.ts";
import { type AppSpec, exposureOf, portsOf, servicePortsOf } from "./spec.ts";
import { checkWorkload } from "./workload.ts";

/** What an app is told of the node ports of its cluster. */
export interface NodePorts {
  /**
   * Node ports that the cluster has, where its API server was told another `--service-node-port-range`.
   * @default "30000-32767"
   */
  readonly nodePortRange?: string | undefined;
}

/** Records everything that is wrong with an app, without making or contacting anything. */
export function checkApp(
  name: string,
  given: AppSpec,
  problems: Problems,
  { nodePortRange }: NodePorts = {},
): void {
  problems.check("name", name, dnsLabel);
  const spec = withoutWrongPorts(withoutUnsuited(given, problems), nodePortRange, problems);
  checkPods(name, spec, problems);
  checkGuards(spec, problems);
  if (isServing(spec)) checkExposed(name, spec, nodePortRange, problems);
  if (spec.hosts.length > 0) checkRouted(name, spec, problems);
  if (spec.canary !== undefined) checkCanary(spec, spec.canary, problems);
}

/** Records keys that an app of its kind cannot be told, and leaves them out. */
function withoutUnsuited(spec: AppSpec, problems: Problems): AppSpec {
  const given = Object.entries(spec).filter(([key, value]) => value !== undefined && !isNothing(key, value));
  const wrong = given.flatMap(([key, value]) => {
    const reason = unsuited(key, spec);
    if (reason === undefined) return [];
    problems.add(key, typeof value === "object" ? undefined : value, reason);
    return [[key, key === "hosts" ? [] : undefined] as const];
  });
  return { ...spec, ...Object.fromEntries(wrong) };
}

/** No hosts are what every app without a route has, and no middlewares what a stack file's app has. */
const isNothing = (key: string, value: unknown): boolean =>
  ["hosts", "middlewares"].includes(key) && Array.isArray(value) && value.length === 0;

/** Records ports that are none under the app's own keys, which the pods and the Service do not know, and leaves them out. */
function withoutWrongPorts(spec: AppSpec, nodePortRange: string | undefined, problems: Problems): AppSpec {
  const rules = { port, servicePort: port, nodePort: nodePort(nodePortRange) };
  const wrong = (Object.keys(rules) as (keyof typeof rules)[]).filter((key) => {
    problems.check(key, spec[key], rules[key]);
    return spec[key] !== undefined && !rules[key].test(spec[key]);
  });
  return { ...spec, ...Object.fromEntries(wrong.map((key) => [key, undefined])) };
}

/** A variable that is a key of a Secret as well. */
const secretVariable = all(variableName, dataKey);

function checkPods(name: string, spec: AppSpec, problems: Problems): void {
  const { autoscaling, replicas, env = {}, secretEnv = {} } = spec;
  problems.unless(
    spec.port === undefined || spec.ports === undefined,
    "port",
    spec.port,
    "belongs into ports, which names them all",
  );
  problems.unless(
    autoscaling === undefined || replicas === undefined,
    "replicas",
    replicas,
    "is the autoscaler's to decide: leave it out",
  );
  for (const variable of Object.keys(secretEnv)) {
    problems.at("secretEnv").checkName(variable, secretVariable);
    problems.unless(!(variable in env), `secretEnv.${variable}`, undefined, "is in env, too");
  }
  if (spec.metrics !== undefined) checkMetrics(spec.metrics, portsOf(spec), problems.at("metrics"));
  checkWorkload(name, spec, problems);
  checkClaims(spec, problems);
}

function checkGuards(
  { autoscaling, replicas = 1, disruptionBudget = false }: AppSpec,
  problems: Problems,
): void {
  if (autoscaling !== undefined) {
    checkAutoscaler(autoscaling, problems.at("autoscaling"));
  }
  if (typeof disruptionBudget === "object") {
    const target = { replicas: autoscaling === undefined ? replicas : undefined };
    checkDisruptionBudget({ target, ...disruptionBudget }, problems.at("disruptionBudget"));
  }
}

function checkExposed(
  name: string,
  spec: AppSpec,
  nodePortRange: string | undefined,
  problems: Problems,
): void {
  const { nodePort, exposure, sessionAffinity } = spec;
  const conflict =
    nodePort !== undefined && exposure !== undefined && !["nodePort", "loadBalancer"].includes(exposure.kind);
  problems.unless(!conflict, "nodePort", nodePort, "needs the exposure nodePort or loadBalancer");
  // What is wrong with the container's ports, or with a port's place in the Service, is said already.
  const own = new Problems("ports");
  checkContainerPorts(portsOf(spec), own);
  const wrong = conflict || own.found.length > 0 || Object.keys(portsOf(spec)).length === 0;
  const ports = wrong ? { http: 80 } : servicePortsOf(spec);
  checkService(name, { ports, exposure: exposureOf(spec), sessionAffinity, nodePortRange }, problems);
  problems.unless(
    Object.keys(portsOf(spec)).length > 0,
    "ports",
    undefined,
    'must name one, as { "http": 8080 }',
  );
}

function checkRouted(name: string, spec: AppSpec, problems: Problems): void {
  const { kind, nginx, middlewares, routeAnnotations } = spec;
  const canary = spec.canary && percentage.test(spec.canary.weight) ? spec.canary : undefined;
  const service = { name, port: 80 };
  const known = {
    stack: { project: "", stack: "" },
    namespace: "",
    ...(kind === "httpRoute" ? { gateway: { name } } : { traefik: { ingressClass: "" } }),
    service:
      canary === undefined
        ? service
        : [
            { ...service, weight: 100 - canary.weight },
            { ...service, name: `${name}-canary`, weight: canary.weight },
          ],
  };
  checkRoute(
    name,
    { ...ruleOf(spec), kind, nginx, middlewares, annotations: routeAnnotations, ...known },
    problems,
  );
  problems.unless(
    spec.rootPathEnv === undefined || spec.stripPrefix === true,
    "rootPathEnv",
    spec.rootPathEnv,
    "needs stripPrefix: an app that sees its whole path would put the prefix twice",
  );
  if (spec.certificate?.kind === "acme") checkAcmeRoute(spec, problems);
  const [first] = Object.values(portsOf(spec));
  const tcp = first === undefined || portProtocol(first) === "TCP";
  problems.unless(tcp, "ports", first, "must begin with the TCP port that is routed to");
}

/** Records a route that Traefik asks for no certificate for. */
function checkAcmeRoute({ kind, nginx, hosts }: AppSpec, problems: Problems): void {
  const instead = "use kind issuer, authority, pem or secret";
  const [key, value] = ["certificate.kind", "acme"];
  const gateway = `is not for kind httpRoute, whose Gateway takes its certificate from a Secret: ${instead}`;
  problems.unless(kind !== "httpRoute", key, value, gateway);
  const ignored = `is not read beside nginx's annotations: ${instead}`;
  problems.unless(nginx === undefined, key, value, ignored);
  for (const host of hosts.filter((host) => host.startsWith("*."))) {
    problems.add(key, value, `is not for ${host}: a name with * is proved by DNS alone; ${instead}`);
  }
}

function checkCanary(
  spec: AppSpec,
  { weight, image, replicas = 1, env = {} }: NonNullable<AppSpec["canary"]>,
  problems: Problems,
): void {
  problems.check("canary.weight", weight, percentage);
  problems.check("canary.image", image, imageReference);
  problems.check("canary.replicas", replicas, count);
  checkEnv(env, problems.at("canary", "env"));
  const answered = weight === 0 || replicas > 0;
  problems.unless(
    answered,
    "canary.replicas",
    replicas,
    `must be above 0: ${weight} % of the requests go there`,
  );
  problems.unless(image !== spec.image, "canary.image", image, "is the app's own image: drop canary");
  problems.unless(spec.hosts.length > 0, "canary", undefined, "needs a route that divides the requests");
}

/** What a request must be for the app to get it. */
export function ruleOf(spec: AppSpec) {
  const { hosts, path, pathType, headers, query, methods, priority, stripPrefix } = spec;
  return { hosts, path, pathType, headers, query, methods, priority, stripPrefix };
}
