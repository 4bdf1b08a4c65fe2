import { kubectlWith } from "../components/base/kubectl.ts";
import { askedOrNothing, type ClusterObject, objectsOf, routesOn } from "../components/platform/taken.ts";
import type { StackConfig } from "./config.ts";

/** What is on the cluster with a name, a node port or a host that the stack may want too; nothing where it cannot be asked. */
export function takenOn({ context, platformName }: StackConfig): Promise<readonly ClusterObject[]> {
  const kubectl = kubectlWith(context);
  return askedOrNothing(async () => {
    const lists = await Promise.all([
      objectsOf(kubectl, "namespaces,services,ingressclasses.networking.k8s.io"),
      platformName === undefined ? [] : routesOn(kubectl, platformName),
    ]);
    return lists.flat();
  });
}
