import { podLabels, containersOf, templateOf } from "../objects/pods.ts";
import { selects, specOf, type StackObject } from "../objects/object.ts";
import { listAt, mapAt, textAt, textsAt, valueAt } from "../preview/values.ts";
import { describeRef, groupOf } from "../../kubernetes/object.ts";

/** Where a proxy of the stack takes requests. */
export interface EntryPoint {
  readonly name: string;
  /** Port that clients connect to; `undefined` where only the cluster knows it. */
  readonly port: number | undefined;
  /** Whether it speaks TLS whatever a route says. */
  readonly tls: boolean;
  /** The Service and the workload behind it. */
  readonly objects: readonly string[];
}

/** `--entryPoints.websecure.address=:8443/tcp`, in any case. */
const ADDRESS = /^--entrypoints\.([^.=]+)\.address=/i;
const TLS = /^--entrypoints\.([^.=]+)\.http\.tls(=true)?$/i;

/** Command-line arguments of every container of a workload. */
export const argumentsOf = (object: StackObject): readonly string[] =>
  containersOf(templateOf(object)).flatMap((container) => [
    ...textsAt(container, "command"),
    ...textsAt(container, "args"),
  ]);

/** The entry points of the Traefiks among objects. */
export function entryPointsOf(objects: readonly StackObject[]): readonly EntryPoint[] {
  const services = objects.filter(({ kind }) => kind === "Service");
  return objects.flatMap((workload) => {
    const args = argumentsOf(workload);
    const names = args.flatMap((arg) => ADDRESS.exec(arg)?.[1] ?? []);
    if (names.length === 0) return [];
    const tls = new Set(args.flatMap((arg) => TLS.exec(arg)?.[1] ?? []));
    const own = services.filter(
      (service) =>
        service.namespace === workload.namespace &&
        selects(mapAt(specOf(service), "selector"), podLabels(workload)),
    );
    return names.map((name) => ({
      name,
      port: own.map((service) => portOf(service, name)).find((port) => port !== undefined),
      tls: tls.has(name),
      objects: [describeRef(workload), ...own.map(describeRef)],
    }));
  });
}

function portOf(service: StackObject, name: string): number | undefined {
  const port = listAt(specOf(service), "ports").find((each) => textAt(each, "name") === name);
  const type = textAt(specOf(service), "type") ?? "ClusterIP";
  const value =
    type === "NodePort"
      ? valueAt(port, "nodePort")
      : type === "LoadBalancer"
        ? valueAt(port, "port")
        : undefined;
  return typeof value === "number" ? value : undefined;
}

/** What says which IngressClass a Traefik serves, and Gateway API's GatewayClass. */
export const isClass = (object: StackObject): boolean =>
  (object.kind === "IngressClass" && groupOf(object.apiVersion) === "networking.k8s.io") ||
  object.kind === "GatewayClass";
