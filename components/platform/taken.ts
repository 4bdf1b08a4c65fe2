import * as pulumi from "@pulumi/pulumi";

import type { Kubectl } from "../base/kubectl.ts";
import { PLATFORM_LABEL, PROJECT_LABEL, STACK_LABEL } from "../base/labels.ts";
import type { StackInfo } from "../base/stack.ts";
import { routeLists } from "../route/in-cluster.ts";

/** An object as the cluster lists it, as far as names go. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    /** Of a Service. */
    readonly ports?: readonly { readonly nodePort?: number; readonly protocol?: string }[];
    /** Of an IngressRoute. */
    readonly routes?: readonly { readonly match?: string }[];
    /** Of an Ingress. */
    readonly rules?: readonly { readonly host?: string }[];
    /** Of an HTTPRoute. */
    readonly hostnames?: readonly string[];
  };
}

/** The objects of some kinds in all namespaces. */
export const objectsOf = async (kubectl: Kubectl, kinds: string): Promise<readonly ClusterObject[]> =>
  (await kubectl.get<{ items: readonly ClusterObject[] }>(kinds, "--all-namespaces")).items;

/** The routes of all stacks on a platform. */
export async function routesOn(kubectl: Kubectl, platform: string): Promise<readonly ClusterObject[]> {
  const lists = routeLists<ClusterObject>(kubectl, `${PLATFORM_LABEL}=${platform}`).map((list) =>
    list.catch((error: unknown) => {
      // The first stack of a cluster brings the definitions.
      if (String(error).includes("doesn't have a resource type")) return [];
      throw error;
    }),
  );
  return (await Promise.all(lists)).flat();
}

/** What the cluster answers; nothing, with a warning, where it cannot be asked. */
export async function askedOrNothing(
  ask: () => Promise<readonly ClusterObject[]>,
): Promise<readonly ClusterObject[]> {
  try {
    return await ask();
  } catch (error) {
    const said = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    await pulumi.log.warn(`names, hosts and node ports are not compared with those on the cluster: ${said}`);
    return [];
  }
}

/** Whether an object is a stack's own. */
export function isOf({ metadata: { labels = {} } }: ClusterObject, { project, stack }: StackInfo): boolean {
  return labels[STACK_LABEL] === stack && (labels[PROJECT_LABEL] ?? project) === project;
}

/** An object and whose it is, as the end of "is taken by …". */
export function described({ kind, metadata: { name, namespace, labels = {} } }: ClusterObject): string {
  const stack = labels[STACK_LABEL];
  const whose =
    stack === undefined ? "no stack of slipway's" : `stack ${labels[PROJECT_LABEL] ?? ""}/${stack}`;
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name} of ${whose}`;
}

/** Hosts that a route of any kind names. */
export function hostsOf({ kind, spec = {} }: ClusterObject): readonly string[] {
  switch (kind) {
    case "IngressRoute":
      return (spec.routes ?? []).flatMap(({ match = "" }) =>
        [...match.matchAll(/\bHost\(`([^`]*)`\)/g)].map(([, host = ""]) => host),
      );
    case "Ingress":
      return (spec.rules ?? []).flatMap(({ host }) => host ?? []);
    case "HTTPRoute":
      return spec.hostnames ?? [];
    default:
      return [];
  }
}
