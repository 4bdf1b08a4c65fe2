import type { Cluster } from "../cluster/cluster.ts";
import { type KubeObject } from "../cluster/object.ts";
import { PROJECT_LABEL, STACK_LABEL } from "../../components/base/labels.ts";
import { objectOf, type StateResource } from "../state/resource.ts";
import { objectKey, refOf } from "../../kubernetes/object.ts";

/** A stack, as its objects are labelled. */
export interface Labelled {
  readonly project: string;
  readonly stack: string;
}

/** What selects the objects of a stack. */
export const stackSelector = ({ project, stack }: Labelled): string =>
  `${PROJECT_LABEL}=${project},${STACK_LABEL}=${stack.split("/").at(-1) ?? stack}`;

/** Whether an object is there on its own account, and not because of another, which it goes with. */
export const isIndependent = ({ kind, metadata }: KubeObject): boolean =>
  !metadata.ownerReferences?.length &&
  // Made from a Service, with its labels, and without saying so.
  kind !== "Endpoints";

/**
 * Objects with a stack's labels that are none of some resources: made by a run that did not live to note it, or left by one.
 * @param resources of the stack's state
 */
export async function astrayObjects(
  cluster: Cluster,
  stack: Labelled,
  resources: readonly StateResource[],
): Promise<{ readonly astray: readonly KubeObject[]; readonly unread: readonly string[] }> {
  const { objects, unread } = await cluster.listAll({ labelSelector: stackSelector(stack) });
  const known = new Set(
    resources.flatMap((resource) => {
      const ref = objectOf(resource);
      return ref === undefined ? [] : [objectKey(ref)];
    }),
  );
  const astray = objects.filter((object) => isIndependent(object) && !known.has(objectKey(refOf(object))));
  return { astray, unread };
}
