import { PROJECT_LABEL, STACK_LABEL } from "../../components/base/labels.ts";
import { type ApiResource } from "../cluster/discovery.ts";
import { type KubeObject } from "../cluster/object.ts";
import { isIndependent } from "../recover/astray.ts";
import { pendingOf, resourcesOf } from "../state/checkpoint.ts";
import { isObject, objectOf } from "../state/resource.ts";
import type { BackendStack, StoredStack } from "../state/stacks.ts";
import { describeRef, groupOf, objectKey, refOf } from "../../kubernetes/object.ts";

/** Something that is left, and what removes it. */
export interface Residue {
  /** Project of the stack that it is of, or named after; empty where nothing says. */
  readonly project: string;
  /** In Kubernetes' words, `Namespace slipway-dev`, or `stack dev of slipway`. */
  readonly what: string;
  /** Why nobody keeps account of it. */
  readonly reason: string;
  /** What removes it, or leads to it. */
  readonly command: string;
}

const isOf = ({ project, stack }: BackendStack, object: KubeObject): boolean =>
  object.metadata.labels?.[PROJECT_LABEL] === project && object.metadata.labels[STACK_LABEL] === stack;

/** Whether the name of an object that belongs to no namespace is one that a stack's would have. */
const isNamedAfter = (
  { project, stack }: { project: string; stack: string },
  { metadata }: KubeObject,
): boolean =>
  metadata.namespace === undefined &&
  (metadata.name === `${project}-${stack}` || metadata.name.startsWith(`${project}-${stack}-`));

/**
 * Objects that carry a stack's labels, or are named after one, and are in no stack's state.
 * @param objects of the cluster: those with the label of a stack, and all that belong to no namespace
 * @param resources kinds of the cluster
 */
export function residueOf(
  objects: readonly KubeObject[],
  { stacks, unread }: { readonly stacks: readonly StoredStack[]; readonly unread: readonly BackendStack[] },
  resources: readonly ApiResource[],
): Residue[] {
  const known = new Set(
    stacks.flatMap(({ checkpoint }) =>
      [...resourcesOf(checkpoint), ...pendingOf(checkpoint).map(({ resource }) => resource)].flatMap(
        (resource) => {
          const ref = objectOf(resource);
          return ref === undefined ? [] : [objectKey(ref)];
        },
      ),
    ),
  );
  const unknown = objects.filter((object) => isIndependent(object) && !known.has(objectKey(refOf(object))));
  const isLeft = (object: KubeObject): boolean =>
    object.metadata.labels?.[STACK_LABEL] !== undefined || stacks.some((each) => isNamedAfter(each, object));
  const gone = new Set(
    unknown
      .filter((object) => object.kind === "Namespace" && isLeft(object))
      .map(({ metadata }) => metadata.name),
  );
  return unknown.flatMap((object) => {
    const { labels = {}, namespace } = object.metadata;
    // What is a stack's whose state nobody can read may well be in it.
    if (unread.some((each) => isOf(each, object) || isNamedAfter(each, object))) return [];
    // It goes with its namespace.
    if (namespace !== undefined && gone.has(namespace)) return [];
    const stack = stacks.find((each) => isOf(each, object));
    const project = labels[PROJECT_LABEL] ?? "";
    const what = describeRef(refOf(object));
    if (stack !== undefined && resourcesOf(stack.checkpoint).length > 0) {
      const command = `slipway recover --stack ${stack.fullName}`;
      return [
        { project, what, reason: `is labelled as ${stack.fullName}'s, which does not know it`, command },
      ];
    }
    const command = deletion(object, resources);
    if (labels[STACK_LABEL] !== undefined) {
      const whose = [labels[PROJECT_LABEL], labels[STACK_LABEL]].filter(Boolean).join("/");
      return [
        {
          project,
          what,
          reason: `is labelled as ${whose}'s, which is not in this backend, or empty`,
          command,
        },
      ];
    }
    const named = stacks.find((each) => isNamedAfter(each, object));
    return named === undefined
      ? []
      : [
          {
            project: named.project,
            what,
            reason: `is named after ${named.fullName}, and in no state`,
            command,
          },
        ];
  });
}

function deletion(
  { apiVersion, kind, metadata: { name, namespace } }: KubeObject,
  resources: readonly ApiResource[],
) {
  const resource = resources.find((each) => each.apiVersion === apiVersion && each.kind === kind);
  const group = groupOf(apiVersion);
  const type = [resource?.plural ?? kind.toLowerCase(), group].filter((part) => part !== "").join(".");
  return ["kubectl delete", type, name, ...(namespace === undefined ? [] : ["--namespace", namespace])].join(
    " ",
  );
}

/** How a stack stands to the cluster it was deployed to. */
export type Presence = "there" | "unreachable" | "another";

/**
 * Whether the objects of a stack are on a cluster, or this is another one: none of its namespaces is there, or not the same.
 * @param namespaces of the cluster, by name
 */
export function presenceOf(
  { checkpoint }: Pick<StoredStack, "checkpoint">,
  namespaces: ReadonlyMap<string, KubeObject>,
): Presence {
  const made = resourcesOf(checkpoint).filter(
    (resource) => resource.type === "kubernetes:core/v1:Namespace" && isObject(resource),
  );
  const same = made.filter((resource) => {
    const found = namespaces.get(objectOf(resource)?.name ?? "");
    const { metadata } = (resource.outputs ?? {}) as { metadata?: { uid?: string } };
    return found !== undefined && (metadata?.uid === undefined || metadata.uid === found.metadata.uid);
  });
  return made.length > 0 && same.length === 0 ? "another" : "there";
}

/** A stack whose objects nobody can reach, with how to forget it. */
export function forgetting(
  { fullName, project }: StoredStack,
  presence: Exclude<Presence, "there">,
  server: string,
): Residue {
  return presence === "unreachable"
    ? {
        project,
        what: `stack ${fullName}`,
        reason: `is on the cluster at ${server}, which cannot be reached`,
        command: `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack ${fullName}`,
      }
    : {
        project,
        what: `stack ${fullName}`,
        reason: `has none of its namespaces on the cluster at ${server}: that is another one, or was made anew`,
        command: `pulumi stack rm --force --stack ${fullName}`,
      };
}
