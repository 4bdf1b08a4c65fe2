import { specOf, type StackObject } from "../objects/object.ts";
import { referencesOf, templateOf } from "../objects/pods.ts";
import { mapAt, textAt } from "../preview/values.ts";
import { isClass } from "./entry-points.ts";
import { ownAddresses, type Path, type Topology } from "./topology.ts";
import { describeRef, groupOf } from "../../kubernetes/object.ts";

/** Which URLs are behind an object, by its title: those that stop, or change, when it does. */
export type Reach = ReadonlyMap<string, ReadonlySet<string>>;

/** The URLs behind every object of a stack. */
export function reachOf(objects: readonly StackObject[], { paths }: Topology): Reach {
  const reach = new Map<string, Set<string>>();
  const add = (title: string, urls: Iterable<string>): void => {
    const known = reach.get(title) ?? new Set();
    for (const url of urls) known.add(url);
    reach.set(title, known);
  };
  for (const path of paths) for (const title of onPath(path)) add(title, path.urls);
  for (const object of objects) {
    if (object.kind === "Service") add(describeRef(object), ownAddresses(object));
  }
  // What a workload reads, what scales it, and what a middleware asks, matter to the same URLs.
  for (const object of objects) {
    const urls = reach.get(describeRef(object));
    if (urls !== undefined) for (const title of readBy(object)) add(title, urls);
    const scaled = textAt(specOf(object), "scaleTargetRef", "name");
    if (scaled !== undefined) {
      const kind = textAt(specOf(object), "scaleTargetRef", "kind") ?? "Deployment";
      add(describeRef(object), reach.get(describeRef({ ...object, kind, name: scaled })) ?? []);
    }
  }
  // What cert-manager issues is felt where its Secret is used.
  for (const object of objects.filter(isCertificate)) {
    const secret = describeRef({
      ...object,
      kind: "Secret",
      name: textAt(specOf(object), "secretName") ?? "",
    });
    add(describeRef(object), reach.get(secret) ?? []);
  }
  const every = new Set(paths.flatMap(({ urls }) => urls));
  for (const object of objects) if (isClass(object)) add(describeRef(object), every);
  for (const object of objects) {
    if (object.namespace !== "") add(`Namespace ${object.namespace}`, reach.get(describeRef(object)) ?? []);
  }
  return reach;
}

const isCertificate = ({ kind, apiVersion }: StackObject): boolean =>
  kind === "Certificate" && groupOf(apiVersion) === "cert-manager.io";

const onPath = ({ rule, services, workloads, proxies }: Path): readonly string[] => [
  rule.route,
  ...rule.middlewares,
  ...rule.relies,
  ...services,
  ...workloads,
  ...proxies,
];

/** Titles of what an object names: ConfigMaps, Secrets and claims of pods, Secrets of middlewares. */
function readBy(object: StackObject): readonly string[] {
  const title = (kind: string, name: string): string => describeRef({ ...object, kind, name });
  if (object.kind === "Middleware") {
    return Object.values(specOf(object)).flatMap((options) => {
      const secret = textAt(options, "secret") ?? textAt(mapAt(options, "tls"), "certSecret");
      return secret === undefined ? [] : [title("Secret", secret)];
    });
  }
  const { environment, volumes } = referencesOf(templateOf(object));
  return [environment, volumes].flatMap((references) =>
    Object.entries(references).flatMap(([kind, names]) =>
      [...(names as ReadonlySet<string>)].map((name) => title(kind, name)),
    ),
  );
}
