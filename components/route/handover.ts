import { setTimeout as sleep } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName } from "../base/hooks.ts";
import type { Kubectl } from "../base/kubectl.ts";
import { PROJECT_LABEL, STACK_LABEL } from "../base/labels.ts";
import { routeLists } from "./in-cluster.ts";

interface RouteObject {
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly status?:
    { readonly parents?: readonly { readonly conditions?: readonly Condition[] }[] | undefined } | undefined;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/**
 * Milliseconds after which Traefik serves what it has read: a provider hands over its changes at most every two seconds.
 * Source: {@link https://doc.traefik.io/traefik/reference/install-configuration/providers/overview/}.
 */
const SERVED = 3_000;

/** Milliseconds that Traefik has to accept an HTTPRoute. */
const ACCEPTED = 30_000;

/** The routes that a stack had before it was changed, asked once for each cluster. */
const former = new WeakMap<object, Promise<ReadonlySet<string>>>();

/**
 * A hook that ends once Traefik serves a route that takes the place of one of another kind, which is deleted next. Traefik reads
 * each kind by itself, so that it would forget the old one first, and answer 404. Where there is no such route, nor kubectl, it
 * ends at once.
 *
 * @param name Pulumi name, which the hook's is made of
 * @param route the resource, once it is made: its cluster is asked
 */
export const awaitHandover = (name: string, route: () => pulumi.Resource): pulumi.ResourceHook =>
  new pulumi.ResourceHook(hookName(name, "handover"), async ({ newOutputs }) => {
    const made = newOutputs as RouteObject;
    const kubectl = kubectlOf(route());
    const provider = route().getProvider("kubernetes:core/v1:Pod") ?? former;
    const routes = former.get(provider) ?? routesOf(kubectl, made);
    former.set(provider, routes);
    if (!takesOver(made, await routes)) return;
    if (made.kind === "HTTPRoute") await accepted(kubectl, made);
    await sleep(SERVED);
  });

const KINDS = ["IngressRoute", "Ingress", "HTTPRoute"];

const keyOf = (kind: string, { namespace, name }: RouteObject["metadata"]): string =>
  `${kind} ${namespace}/${name}`;

/** Whether a route of another kind has the same name. */
const takesOver = ({ kind, metadata }: RouteObject, routes: ReadonlySet<string>): boolean =>
  KINDS.some((other) => other !== kind && routes.has(keyOf(other, metadata)));

/** The routes in the cluster with the labels of a route's stack. */
async function routesOf(kubectl: Kubectl, { metadata: { labels = {} } }: RouteObject): Promise<Set<string>> {
  const selector = [PROJECT_LABEL, STACK_LABEL].flatMap((label) =>
    labels[label] === undefined ? [] : [`${label}=${labels[label]}`],
  );
  // Which kinds the cluster knows is its own.
  const lists = routeLists<RouteObject>(kubectl, selector.join(",")).map((list) => list.catch(() => []));
  const found = (await Promise.all(lists)).flat();
  return new Set(found.map(({ kind, metadata }) => keyOf(kind, metadata)));
}

/** Waits until Traefik has taken an HTTPRoute: its Gateway may be new, too. */
async function accepted(kubectl: Kubectl, { metadata: { namespace, name } }: RouteObject): Promise<void> {
  const until = Date.now() + ACCEPTED;
  while (Date.now() < until) {
    const { status = {} } = await kubectl.get<RouteObject>("httproute", name, "--namespace", namespace);
    const conditions = (status.parents ?? []).flatMap(({ conditions = [] }) => conditions);
    if (conditions.some(({ type, status }) => type === "Accepted" && status === "True")) return;
    await sleep(250);
  }
}
