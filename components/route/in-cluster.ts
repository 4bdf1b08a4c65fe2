import type { Kubectl } from "../base/kubectl.ts";

/** What leads clients to apps, as kubectl names it. */
const KINDS = [
  "ingressroutes.traefik.io",
  "ingresses.networking.k8s.io",
  "httproutes.gateway.networking.k8s.io",
];

/** The routes of all namespaces with some labels, a list for each kind; one is rejected where the cluster does not know the kind. */
export const routeLists = <T>(kubectl: Kubectl, labels: string): readonly Promise<readonly T[]>[] =>
  KINDS.map(async (kind) => {
    const { items } = await kubectl.get<{ items: readonly T[] }>(
      kind,
      "--all-namespaces",
      "--selector",
      labels,
    );
    return items;
  });
