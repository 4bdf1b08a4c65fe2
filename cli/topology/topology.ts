import { selects, specOf, type StackObject } from "../objects/object.ts";
import { podLabels, SERVING } from "../objects/pods.ts";
import { listAt, mapAt, textAt, valueAt, type Value } from "../preview/values.ts";
import { type EntryPoint, entryPointsOf } from "./entry-points.ts";
import { backendOf, type RouteRule, rulesOf } from "./routes.ts";
import { describeRef, groupOf } from "../../kubernetes/object.ts";

export type NodeKind = "host" | "route" | "middleware" | "service" | "workload";

/** One box of the picture. */
export interface TopologyNode {
  /** The object's title, `Service shop/web`, or a host's address, `https://shop.test`. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Namespace; `""` for a host. */
  readonly namespace: string;
  /** What is written in it: `Service web`. */
  readonly label: string;
}

/** One arrow: requests go from one to the other. */
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  /** Path of the requests, where a host has several. */
  readonly label: string;
}

/** One way from an address to pods, with everything on it. */
export interface Path {
  readonly rule: RouteRule;
  /** `https://shop.test/api`. */
  readonly urls: readonly string[];
  /** Titles of Services and what lies between. */
  readonly services: readonly string[];
  /** Titles of workloads whose pods answer. */
  readonly workloads: readonly string[];
  /** Titles of the proxy's own objects that requests go through. */
  readonly proxies: readonly string[];
}

/** How a stack's requests get from hosts to pods. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly paths: readonly Path[];
}

/** The topology of a stack's objects. What they name and the stack does not have stands in it by its name. */
export function topologyOf(objects: readonly StackObject[]): Topology {
  const index = new Map(objects.map((object) => [describeRef(object), object]));
  const workloadsOf = workloadFinder(objects);
  const entryPoints = entryPointsOf(objects);
  const graph = new Graph();
  const paths: Path[] = [];

  const addService = (title: string): { services: string[]; workloads: string[] } => {
    const services = new Set<string>();
    const workloads = new Set<string>();
    const visit = (name: string): void => {
      if (services.has(name)) return;
      services.add(name);
      graph.node("service", name);
      const object = index.get(name);
      if (object === undefined) return;
      for (const inner of parts(object)) {
        graph.edge(name, inner);
        visit(inner);
      }
      for (const workload of object.kind === "Service" ? workloadsOf(object) : []) {
        workloads.add(workload);
        graph.node("workload", workload);
        graph.edge(name, workload);
      }
    };
    visit(title);
    return { services: [...services], workloads: [...workloads] };
  };

  for (const object of objects) {
    for (const rule of rulesOf(object, objects)) {
      const origins = originsOf(rule, entryPoints);
      graph.node("route", rule.route);
      for (const { origin, path } of origins) {
        graph.node("host", origin);
        graph.edge(origin, rule.route, path);
      }
      let last = rule.route;
      for (const middleware of rule.middlewares) {
        graph.node("middleware", middleware);
        graph.edge(last, middleware);
        last = middleware;
      }
      for (const { title } of rule.backends) graph.edge(last, title);
      const behind = rule.backends.map(({ title }) => addService(title));
      paths.push({
        rule,
        urls: [
          ...new Set(
            origins.map(({ origin, path }) => (path === "/" || path === "" ? origin : origin + path)),
          ),
        ],
        services: behind.flatMap(({ services }) => services),
        workloads: behind.flatMap(({ workloads }) => workloads),
        proxies: proxiesOf(rule, entryPoints),
      });
    }
  }
  for (const service of objects.filter(({ kind }) => kind === "Service")) {
    addService(describeRef(service));
    for (const address of ownAddresses(service)) {
      graph.node("host", address);
      graph.edge(address, describeRef(service));
    }
  }
  return { nodes: graph.nodes, edges: graph.edges, paths };
}

/** Collects boxes and arrows, each once. */
class Graph {
  readonly #nodes = new Map<string, TopologyNode>();
  readonly #edges = new Map<string, TopologyEdge>();

  node(kind: NodeKind, id: string): void {
    const [, objectKind = "", path = ""] = /^(\S+) (.*)$/.exec(id) ?? [];
    const [namespace, name] = path.includes("/") ? path.split("/", 2) : ["", path];
    const object = kind !== "host";
    this.#nodes.set(id, {
      id,
      kind,
      namespace: object ? (namespace ?? "") : "",
      label: object ? `${objectKind} ${name ?? ""}` : id,
    });
  }

  edge(from: string, to: string, path = ""): void {
    const known = this.#edges.get(`${from} → ${to}`);
    const label = path === "/" ? "" : path;
    const labels = [...(known?.label.split(", ") ?? []), label].filter((text) => text !== "");
    this.#edges.set(`${from} → ${to}`, { from, to, label: [...new Set(labels)].join(", ") });
  }

  get nodes(): readonly TopologyNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly TopologyEdge[] {
    return [...this.#edges.values()];
  }
}

/** Finds the workloads whose pods a Service selects. */
function workloadFinder(objects: readonly StackObject[]): (service: StackObject) => readonly string[] {
  const workloads = objects.filter(({ kind }) => SERVING.has(kind) || kind === "Pod");
  return (service) =>
    workloads
      .filter(
        (workload) =>
          workload.namespace === service.namespace &&
          selects(mapAt(specOf(service), "selector"), podLabels(workload)),
      )
      .map(describeRef);
}

/** Titles of the Services that a TraefikService shares requests between. */
function parts(object: StackObject): readonly string[] {
  if (object.kind !== "TraefikService" || !groupOf(object.apiVersion).startsWith("traefik.")) return [];
  const spec = specOf(object);
  const mirroring = valueAt(spec, "mirroring");
  const failover = valueAt(spec, "failover");
  const references: readonly Value[] = [
    ...listAt(spec, "weighted", "services"),
    ...(mirroring === undefined ? [] : [mirroring, ...listAt(mirroring, "mirrors")]),
    ...["service", "fallback"]
      .map((key): Value | undefined => valueAt(failover, key))
      .filter((value) => value !== undefined),
  ];
  return references.map((reference) => backendOf(object, reference).title);
}

/** Scheme, host and port of a rule's addresses, and their paths. */
function originsOf(
  rule: RouteRule,
  entryPoints: readonly EntryPoint[],
): readonly { readonly origin: string; readonly path: string }[] {
  const doors = doorsOf(rule, entryPoints);
  return rule.addresses.flatMap(({ host, path }) =>
    doors.map(({ scheme, port }) => ({
      origin: `${scheme}://${host}${port === undefined || port === PORTS[scheme] ? "" : `:${port}`}`,
      path,
    })),
  );
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

function doorsOf(
  { protocol, tls, entryPoints: names, listeners }: RouteRule,
  entryPoints: readonly EntryPoint[],
): readonly { readonly scheme: string; readonly port: number | undefined }[] {
  const schemeOf = (secured: boolean): string =>
    protocol === "http" ? (secured ? "https" : "http") : secured ? "tls" : protocol;
  if (listeners.length > 0)
    return listeners.map((listener) => ({ scheme: schemeOf(listener.tls), port: listener.port }));
  if (names.length === 0) return [{ scheme: schemeOf(tls), port: undefined }];
  return names.map((name) => {
    const known = entryPoints.find((entryPoint) => entryPoint.name === name);
    // The name is all there is to go by where the proxy belongs to another stack.
    const secured = tls || (known?.tls ?? /secure|https|tls/.test(name));
    return { scheme: schemeOf(secured), port: known?.port };
  });
}

const proxiesOf = (
  { entryPoints: names }: RouteRule,
  entryPoints: readonly EntryPoint[],
): readonly string[] => [
  ...new Set(
    entryPoints
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .flatMap(({ objects }) => objects),
  ),
];

/** How a Service is reached from outside by itself: `any node:30080/tcp`; the cluster chooses where it says `?`. */
export function ownAddresses(service: StackObject): readonly string[] {
  const spec = specOf(service);
  const type = textAt(spec, "type") ?? "ClusterIP";
  if (type !== "NodePort" && type !== "LoadBalancer") return [];
  return listAt(spec, "ports").map((port) => {
    const protocol = (textAt(port, "protocol") ?? "TCP").toLowerCase();
    const number = valueAt(port, type === "NodePort" ? "nodePort" : "port");
    const where = type === "NodePort" ? "any node" : "load balancer";
    return `${where}:${typeof number === "number" ? number : "?"}/${protocol}`;
  });
}
