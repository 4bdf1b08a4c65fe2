import { selects, specOf, type StackObject } from "../../objects/object.ts";
import { podLabels, SERVING } from "../../objects/pods.ts";
import { listAt, mapAt, textAt, valueAt } from "../../preview/values.ts";
import type { Change, Changes, World } from "../change.ts";
import { isServed } from "./exposure.ts";
import { enumerate, type Mark, markIf, type Rule } from "./mark.ts";
import { isProbed, mayBeMissing, podCount, templateFields } from "./pods.ts";

/** Requests that get no answer: while something is replaced, or from then on. */
export const downtimeMarks: Rule = (change, all) => [
  ...lostUrls(change, all),
  ...(SERVING.has(change.kind) ? workloadMarks(change, all) : []),
  ...(change.kind === "Service" ? serviceMarks(change, all) : []),
  ...brokenRoutes(change, all),
];

const isRoute = (change: Change, { topology }: World): boolean =>
  topology.paths.some(({ rule }) => rule.route === change.title || rule.route === change.formerTitle);

const urlsOf = ({ topology }: World, ...routes: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(topology.paths.filter(({ rule }) => routes.includes(rule.route)).flatMap(({ urls }) => urls)),
];

/** URLs that a route served, and that nothing serves afterwards. */
function lostUrls(change: Change, { before, after }: Changes): readonly Mark[] {
  if (!isRoute(change, before)) return [];
  const served = new Set(after.topology.paths.flatMap(({ urls }) => urls));
  const lost = urlsOf(before, change.title, change.formerTitle).filter((url) => !isServed(url, served));
  if (lost.length > 0)
    return markIf(
      true,
      "downtime",
      "danger",
      `${enumerate(lost)} ${lost.length === 1 ? "is" : "are"} served no longer`,
    );
  return markIf(
    change.operation === "replace" && change.formerTitle === undefined,
    "downtime",
    "warning",
    "its URLs are not served between the deletion and the creation",
  );
}

function workloadMarks(change: Change, { before: world, after: next }: Changes): readonly Mark[] {
  const { before, after, operation, kind } = change;
  if (operation === "replace" && change.formerTitle === undefined) {
    return markIf(true, "downtime", "danger", "all its pods end before the new ones start");
  }
  if (before === undefined || after === undefined || operation !== "update") return [];
  const [was, will] = [podCount(before, world), podCount(after, next)];
  const scaled: readonly Mark[] =
    kind === "DaemonSet" || was <= will
      ? []
      : will === 0
        ? markIf(true, "downtime", "danger", `no pod is left, of ${was}`)
        : markIf(
            will === 1,
            "downtime",
            "warning",
            `one pod is left, of ${was}: when its node goes, nobody answers`,
          );
  if (templateFields(change).length === 0) return scaled;
  return [...scaled, ...rolloutMarks(after, will)];
}

/** What the update of a pod template costs. */
function rolloutMarks(object: StackObject, pods: number): readonly Mark[] {
  if (pods === 0) return [];
  if (object.kind === "DaemonSet") {
    const surge = valueAt(specOf(object), "updateStrategy", "rollingUpdate", "maxSurge");
    return markIf(
      surge === undefined || surge === 0,
      "downtime",
      "notice",
      "on each node its pod ends before the new one starts",
    );
  }
  if (object.kind === "StatefulSet") {
    return markIf(pods === 1, "downtime", "danger", "its one pod ends before the new one starts");
  }
  if (textAt(specOf(object), "strategy", "type") === "Recreate") {
    return markIf(
      true,
      "downtime",
      "danger",
      "its strategy is Recreate: all pods end before the new ones start",
    );
  }
  if (mayBeMissing(object, pods) >= pods) {
    return markIf(
      true,
      "downtime",
      "danger",
      `its strategy lets all ${pods === 1 ? "of its one pod" : `${pods} pods`} end at the same time`,
    );
  }
  if (!isProbed(object)) {
    return markIf(
      pods === 1,
      "downtime",
      "danger",
      "it has one pod and no readiness probe: requests go to the new pod before it can answer",
    );
  }
  return markIf(
    pods === 1,
    "downtime",
    "notice",
    "it has one pod: the new one has to be ready before the old one ends, and there is no other if it fails",
  );
}

function serviceMarks(change: Change, all: Changes): readonly Mark[] {
  const { operation, before, after, formerTitle } = change;
  if (before === undefined) return [];
  if (operation === "replace" && formerTitle === undefined) {
    return markIf(
      true,
      "downtime",
      "danger",
      "nobody reaches its pods between the deletion and the creation, and its addresses may be others",
    );
  }
  if (operation !== "update" || after === undefined) return [];
  const pods = (service: StackObject, { objects }: World): readonly StackObject[] =>
    objects.filter(
      (object) =>
        object.namespace === service.namespace &&
        selects(mapAt(specOf(service), "selector"), podLabels(object)),
    );
  const lost = pods(before, all.before).length > 0 && pods(after, all.after).length === 0;
  return [
    ...markIf(lost, "downtime", "danger", "its selector matches no pods of the stack any more"),
    ...movedPorts(change, all),
  ];
}

/** Ports that go while routes lead to them: the Service is changed first, and its routes a moment later. */
function movedPorts({ title, before, after }: Change, all: Changes): readonly Mark[] {
  const portsOf = (service: StackObject | undefined): ReadonlySet<unknown> =>
    new Set(
      (service === undefined ? [] : listAt(specOf(service), "ports")).flatMap((port) => [
        valueAt(port, "port"),
        valueAt(port, "name"),
      ]),
    );
  const left = portsOf(after);
  const gone = [...portsOf(before)].filter((port) => port !== undefined && !left.has(port));
  const led = all.before.topology.paths
    .flatMap(({ rule }) => rule.backends)
    .filter(({ title: backend, port }) => backend === title && gone.includes(port));
  const ports = [...new Set(led.map(({ port }) => `port ${port}`))];
  return markIf(
    ports.length > 0,
    "downtime",
    "warning",
    `clients get 404 until the routes to its ${enumerate(ports)} are changed as well, a moment later`,
  );
}

/** Routes that lead to what is not there, where they did not before. */
function brokenRoutes(change: Change, { before, after }: Changes): readonly Mark[] {
  const broken = (world: World): readonly string[] => missingBehind(change, world);
  if (change.after === undefined || change.operation === "create" || !isRoute(change, after)) return [];
  const known = new Set(broken(before));
  const fresh = broken(after).filter((missing) => !known.has(missing));
  return markIf(fresh.length > 0, "downtime", "danger", `it leads to ${enumerate(fresh)}`);
}

function missingBehind({ title }: Change, { topology, index, objects }: World): readonly string[] {
  const namespaces = new Set(objects.map(({ namespace }) => namespace));
  return topology.paths
    .filter(({ rule }) => rule.route === title)
    .flatMap(({ rule }) => rule.backends)
    .flatMap(({ title: backend, port }) => {
      const service = index.get(backend);
      const [, namespace = ""] = /^\S+ ([^/]+)\//.exec(backend) ?? [];
      // What another stack has is not known here.
      if (service === undefined)
        return namespaces.has(namespace) ? [`${backend}, which the stack does not have`] : [];
      if (service.kind !== "Service" || port === undefined) return [];
      const ports = listAt(specOf(service), "ports");
      const known = ports.some((each) => [valueAt(each, "port"), textAt(each, "name")].includes(port));
      return known || ports.length === 0 ? [] : [`port ${port} of ${backend}, which has none such`];
    });
}
