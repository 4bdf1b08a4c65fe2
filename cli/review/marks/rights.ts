import { labelsOf, type StackObject } from "../../objects/object.ts";
import { containersOf, templateOf } from "../../objects/pods.ts";
import { listAt, mapAt, textAt, textsAt, valueAt, type Value, type ValueMap } from "../../preview/values.ts";
import { enumerate, markIf, type Rule } from "./mark.ts";

/** Rights that somebody gets: RBAC, Pod Security, and what pods may do to their node. */
export const rightsMarks: Rule = ({ before, after, operation }) => {
  if (after === undefined || operation === "keep") return [];
  const was = new Set(before === undefined ? [] : rightsOf(before));
  const gained = rightsOf(after).filter((right) => !was.has(right) && !isCovered(right, was));
  const severe = gained.some((right) =>
    /\*|privileged|host|cluster-admin|enforces nothing|escalate|secrets/.test(right),
  );
  return markIf(gained.length > 0, "rights", severe ? "danger" : "warning", `allows ${enumerate(gained)}`);
};

/** Everything that an object allows, each as a phrase. */
function rightsOf(object: StackObject): readonly string[] {
  switch (object.kind) {
    case "Role":
    case "ClusterRole":
      return listAt(object.body, "rules").flatMap(ruleRights);
    case "RoleBinding":
    case "ClusterRoleBinding":
      return bindingRights(object);
    case "Namespace":
      return podSecurityRights(object);
    default:
      return podRights(templateOf(object));
  }
}

/** `delete pods`, `* secrets.traefik.io`. */
function ruleRights(rule: Value): readonly string[] {
  const groups = textsAt(rule, "apiGroups");
  const names = textsAt(rule, "resourceNames");
  const things = [
    ...(groups.length === 0 ? [""] : groups).flatMap((group) =>
      textsAt(rule, "resources").map((resource) => (group === "" ? resource : `${resource}.${group}`)),
    ),
    ...textsAt(rule, "nonResourceURLs"),
  ];
  const only = names.length === 0 ? "" : ` named ${names.join(", ")}`;
  return textsAt(rule, "verbs").flatMap((verb) => things.map((thing) => `${verb} ${thing}${only}`));
}

/** Whether a right was there by a `*` before. */
function isCovered(right: string, known: ReadonlySet<string>): boolean {
  const [verb = "", ...rest] = right.split(" ");
  const thing = rest.join(" ");
  const unnamed = thing.replace(/ named .*$/, "");
  const things = [
    thing,
    unnamed,
    "*",
    `*${unnamed.includes(".") ? unnamed.slice(unnamed.indexOf(".")) : ""}`,
    "*.*",
  ];
  return things.some((each) => known.has(`${verb} ${each}`) || known.has(`* ${each}`));
}

function bindingRights({ body }: StackObject): readonly string[] {
  const role = `${textAt(body, "roleRef", "kind") ?? "Role"} ${textAt(body, "roleRef", "name") ?? ""}`;
  return listAt(body, "subjects").map((subject) => {
    const namespace = textAt(subject, "namespace");
    const name = textAt(subject, "name") ?? "";
    return `${textAt(subject, "kind") ?? "subject"} ${namespace === undefined ? name : `${namespace}/${name}`} what ${role} says`;
  });
}

const ENFORCE = "pod-security.kubernetes.io/enforce";

/** Each level allows what the stricter ones do not. Source: {@link https://kubernetes.io/docs/concepts/security/pod-security-standards/}. */
function podSecurityRights(object: StackObject): readonly string[] {
  const level = textAt(labelsOf(object), ENFORCE) ?? "nothing";
  const beyond: Readonly<Record<string, readonly string[]>> = {
    restricted: [],
    baseline: ["pods that the level restricted forbids"],
    privileged: ["pods that the level restricted forbids", "privileged pods"],
    nothing: ["pods that the level restricted forbids", "privileged pods"],
  };
  return beyond[level] ?? [];
}

/** What a pod may do that the level restricted forbids. */
function podRights(template: ValueMap | undefined): readonly string[] {
  if (template === undefined) return [];
  const spec = mapAt(template, "spec");
  const flags = ["hostNetwork", "hostPID", "hostIPC"].filter((flag) => valueAt(spec, flag) === true);
  const paths = listAt(spec, "volumes").flatMap((volume) => textAt(volume, "hostPath", "path") ?? []);
  const account = textAt(spec, "serviceAccountName");
  return [
    ...flags.map((flag) => `${flag} to its pods`),
    ...paths.map((path) => `its pods the node's ${path} (hostPath)`),
    ...(valueAt(spec, "automountServiceAccountToken") === true
      ? [`its pods the API as ServiceAccount ${account ?? "default"}`]
      : []),
    ...containersOf(template).flatMap((container) =>
      containerRights(container, mapAt(spec, "securityContext")),
    ),
  ];
}

function containerRights(container: Value, pod: ValueMap): readonly string[] {
  const own = mapAt(container, "securityContext");
  const either = (key: string): Value | undefined => own[key] ?? pod[key];
  const name = `container ${textAt(container, "name") ?? ""}`;
  return [
    ...(own["privileged"] === true ? [`${name} to be privileged`] : []),
    ...(own["allowPrivilegeEscalation"] !== false ? [`${name} to escalate privileges`] : []),
    ...(either("runAsNonRoot") !== true || either("runAsUser") === 0 ? [`${name} to run as root`] : []),
    ...(textAt(either("seccompProfile"), "type") === "Unconfined"
      ? [`${name} every system call (seccomp Unconfined)`]
      : []),
    ...textsAt(own, "capabilities", "add").map((capability) => `${name} ${capability}`),
    ...(textsAt(own, "capabilities", "drop").includes("ALL") ? [] : [`${name} the default capabilities`]),
  ];
}
