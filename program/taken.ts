import * as pulumi from "@pulumi/pulumi";

import { kubectlWith } from "../components/base/kubectl.ts";
import { PLATFORM_LABEL } from "../components/base/labels.ts";
import type { ClusterObject } from "./clashes.ts";
import type { StackConfig } from "./config.ts";

interface List {
  readonly items: readonly ClusterObject[];
}

/** What is on the cluster with a name, a node port or a host that the stack may want too; nothing where it cannot be asked. */
export async function takenOn({ context, platformName }: StackConfig): Promise<readonly ClusterObject[]> {
  const kubectl = kubectlWith(context);
  const get = async (kinds: string, ...more: readonly string[]): Promise<readonly ClusterObject[]> =>
    (await kubectl.get<List>(kinds, "--all-namespaces", ...more)).items;
  const routes = (kinds: string): Promise<readonly ClusterObject[]> =>
    get(kinds, "--selector", `${PLATFORM_LABEL}=${platformName ?? ""}`);
  // The first stack of a cluster brings the definitions.
  const none = (error: Error): readonly ClusterObject[] => {
    if (error.message.includes("doesn't have a resource type")) return [];
    throw error;
  };
  try {
    const lists = await Promise.all([
      get("namespaces,services,ingressclasses.networking.k8s.io"),
      ...(platformName === undefined
        ? []
        : [
            routes("ingresses.networking.k8s.io"),
            routes("ingressroutes.traefik.io").catch(none),
            routes("httproutes.gateway.networking.k8s.io").catch(none),
          ]),
    ]);
    return lists.flat();
  } catch (error) {
    const said = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    await pulumi.log.warn(`names, hosts and node ports are not compared with those on the cluster: ${said}`);
    return [];
  }
}
