import { annotationsOf, specOf, type StackObject } from "../../objects/object.ts";
import { containersOf, templateOf } from "../../objects/pods.ts";
import { listAt, textAt, textsAt, valueAt, wordAt } from "../../preview/values.ts";
import { argumentsOf } from "../../topology/entry-points.ts";
import type { World } from "../change.ts";
import { widened } from "./cidr.ts";
import { enumerate, type Mark, markIf, type Rule } from "./mark.ts";
import { protectionMarks } from "./protection.ts";

/** What can be reached that could not be, and by whom. */
export const exposureMarks: Rule = (change, all) => {
  const { before, after } = change;
  if (change.operation === "keep") return [];
  const fresh = newDoors(before, after, all.before, all.after);
  return [
    ...markIf(fresh.length > 0, "exposure", "warning", `opens ${enumerate(fresh)}`),
    ...(after === undefined ? [] : allowListMarks(before, after)),
    ...protectionMarks(change, all),
  ];
};

function newDoors(
  before: StackObject | undefined,
  after: StackObject | undefined,
  worldBefore: World,
  worldAfter: World,
): readonly string[] {
  if (after === undefined) return [];
  const known = new Set(before === undefined ? [] : doorsOf(before, worldBefore));
  const served = new Set(worldBefore.topology.paths.flatMap(({ urls }) => urls));
  return doorsOf(after, worldAfter).filter((door) => !known.has(door) && !isServed(door, served));
}

/** Everything by which an object lets requests in. */
function doorsOf(object: StackObject, { topology }: World): readonly string[] {
  const rules = topology.paths.filter(({ rule }) => rule.route === titleIn(object));
  return [
    ...new Set(rules.flatMap(({ urls }) => urls)),
    ...new Set(rules.flatMap(({ rule }) => rule.entryPoints.map((name) => `entry point ${name}`))),
    ...(object.kind === "Service" ? serviceDoors(object) : []),
    ...(object.kind === "Gateway" ? gatewayDoors(object) : []),
    ...podDoors(object),
    ...argumentsOf(object).flatMap(argumentDoor),
  ];
}

/** Whether a URL was reached before, by itself or below a path above it. */
export function isServed(url: string, served: ReadonlySet<string>): boolean {
  const [, origin, path] = /^(\w+:\/\/[^/]+)(\/.*)?$/.exec(url) ?? [];
  if (origin === undefined) return false;
  const parts = (path ?? "").split("/");
  return parts.some((_, index) => served.has(origin + parts.slice(0, parts.length - index).join("/")));
}

const titleIn = ({ kind, namespace, name }: StackObject): string => `${kind} ${namespace}/${name}`;

function serviceDoors(object: StackObject): readonly string[] {
  const spec = specOf(object);
  const type = textAt(spec, "type") ?? "ClusterIP";
  const ports = listAt(spec, "ports").map((port) => {
    if (type === "LoadBalancer") return `load balancer, port ${wordAt(port, "port")}`;
    const chosen = valueAt(port, "nodePort") === undefined;
    return chosen ? `a node port for port ${wordAt(port, "port")}` : `node port ${wordAt(port, "nodePort")}`;
  });
  return [
    ...(type === "NodePort" || type === "LoadBalancer" ? ports : []),
    ...textsAt(spec, "externalIPs").map((address) => `external IP ${address}`),
  ];
}

const gatewayDoors = (object: StackObject): readonly string[] =>
  listAt(specOf(object), "listeners").flatMap((listener) => {
    const name = `listener ${textAt(listener, "name") ?? ""} on port ${wordAt(listener, "port")} for ${textAt(listener, "hostname") ?? "any host"}`;
    const everybody = textAt(listener, "allowedRoutes", "namespaces", "from") === "All";
    return everybody ? [name, `${name} to routes of every namespace`] : [name];
  });

function podDoors(object: StackObject): readonly string[] {
  const template = templateOf(object);
  const ports = containersOf(template).flatMap((container) =>
    listAt(container, "ports").flatMap((port) =>
      valueAt(port, "hostPort") === undefined ? [] : wordAt(port, "hostPort"),
    ),
  );
  const host = valueAt(template, "spec", "hostNetwork") === true ? ["the node's own network"] : [];
  return [...host, ...ports.map((port) => `port ${port} of the node`)];
}

/** Arguments of Traefik's that open something. */
function argumentDoor(argument: string): readonly string[] {
  const [, name = "", address = ""] = /^--entrypoints\.([^.=]+)\.address=(.*)$/i.exec(argument) ?? [];
  if (name !== "") return [`entry point ${name} at ${address}`];
  if (/^--api\.insecure(=true)?$/i.test(argument))
    return ["Traefik's API without a password (--api.insecure)"];
  const [, trusting] =
    /^--entrypoints\.([^.=]+)\.(?:forwardedheaders|proxyprotocol)\.insecure(?:=true)?$/i.exec(argument) ?? [];
  return trusting === undefined ? [] : [`entry point ${trusting} to forged client addresses (${argument})`];
}

/** Lists of who may come in, and where they are. */
const ALLOW_LISTS: readonly {
  readonly where: string;
  readonly listOf: (object: StackObject) => readonly string[] | undefined;
}[] = [
  ...["ipAllowList", "ipWhiteList"].map((key) => ({
    where: `spec.${key}.sourceRange`,
    listOf: (object: StackObject) => present(textsAt(specOf(object), key, "sourceRange")),
  })),
  {
    where: "spec.loadBalancerSourceRanges",
    listOf: (object) => present(textsAt(specOf(object), "loadBalancerSourceRanges")),
  },
  ...["whitelist-source-range", "allowlist-source-range"].map((key) => ({
    where: `the annotation ${key}`,
    listOf: (object: StackObject) =>
      present(
        (textAt(annotationsOf(object), `nginx.ingress.kubernetes.io/${key}`) ?? "")
          .split(",")
          .filter(Boolean),
      ),
  })),
];

const present = (list: readonly string[]): readonly string[] | undefined =>
  list.length === 0 ? undefined : list;

function allowListMarks(before: StackObject | undefined, after: StackObject): readonly Mark[] {
  if (before === undefined) return [];
  return ALLOW_LISTS.flatMap(({ where, listOf }) => {
    const was = listOf(before);
    if (was === undefined) return [];
    const will = listOf(after);
    // A middleware of another kind is told of as a protection that goes.
    if (will === undefined) {
      return markIf(
        before.kind !== "Middleware",
        "exposure",
        "danger",
        `${where} goes: anybody may come in, not only ${enumerate(was)}`,
      );
    }
    const wider = widened(was, will);
    return markIf(
      wider.length > 0,
      "exposure",
      "danger",
      `${where} lets in ${enumerate(wider)} as well; it was ${enumerate(was)}`,
    );
  });
}
