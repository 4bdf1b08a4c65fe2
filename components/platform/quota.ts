import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { amount, labelKey, quantity, rule } from "../base/rules/index.ts";
import type { StackInfo } from "../base/stack.ts";
import { checkQuantities, type Quantities, resourceName } from "../workload/resources.ts";

/** What the pods of a namespace may use. */
export interface Quota {
  /**
   * What all of them may use together, by resource: `{ "requests.cpu": "2", "limits.memory": "4Gi", pods: "20" }`. What would be more is
   * refused by the API server, and `up` fails with its words. A rollout runs old and new pods beside each other: leave room for that.
   * Source: {@link https://kubernetes.io/docs/concepts/policy/resource-quotas/}.
   * @default no limit
   */
  readonly resourceQuota?: Quantities | undefined;
  /**
   * What each container may use. Apps of a stack file say what they ask for themselves; what is here refuses those that want more.
   * Source: {@link https://kubernetes.io/docs/concepts/policy/limit-range/}.
   * @default no limit
   */
  readonly limitRange?: LimitRange | undefined;
}

/** What each container of a namespace may use, by resource: `{ cpu: "500m" }`. */
export interface LimitRange {
  /** Least that a container may ask for. @default none */
  readonly min?: Quantities | undefined;
  /** Most that a container may have for its limit. @default none */
  readonly max?: Quantities | undefined;
  /** Request of a container that says none. @default `default` */
  readonly defaultRequest?: Quantities | undefined;
  /** Limit of a container that says none. @default `max` */
  readonly default?: Quantities | undefined;
}

/** Objects that hold the pods of a namespace to a quota, each `metadata.name` being `slipway`. */
export function createQuota(
  name: string,
  { resourceQuota, limitRange }: Quota,
  place: { readonly stack: StackInfo; readonly namespace: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): (k8s.core.v1.ResourceQuota | k8s.core.v1.LimitRange)[] {
  const metadata = metadataOf("slipway", place);
  return [
    ...(resourceQuota === undefined
      ? []
      : [
          new k8s.core.v1.ResourceQuota(
            `${name}-quota`,
            { metadata, spec: { hard: { ...resourceQuota } } },
            opts,
          ),
        ]),
    ...(limitRange === undefined
      ? []
      : [
          new k8s.core.v1.LimitRange(
            `${name}-limits`,
            { metadata, spec: { limits: [{ type: "Container", ...limitRange }] } },
            opts,
          ),
        ]),
  ];
}

/**
 * What a quota can count: pods' requests and limits, and objects.
 * Source: {@link https://kubernetes.io/docs/concepts/policy/resource-quotas/#types-of-resource-quota}.
 */
const counted = rule<string>(
  'must be what a quota counts: "requests.cpu", "limits.memory", "requests.storage", "pods", "services", "count/deployments.apps" and the like',
  (name) => {
    const [, kind, resource = ""] = /^(requests|limits)\.(.+)$/.exec(name) ?? [];
    if (kind !== undefined)
      return (kind === "requests" && resource === "storage") || resourceName.test(resource);
    if (name.startsWith("count/")) return /^count\/[a-z]+(\.[a-z0-9.-]+)?$/.test(name);
    return resourceName.test(name) || OBJECTS.includes(name) || storageOf(name);
  },
);

/** Objects that can be counted without `count/`. */
const OBJECTS = [
  "pods",
  "services",
  "services.loadbalancers",
  "services.nodeports",
  "persistentvolumeclaims",
  "configmaps",
  "secrets",
  "replicationcontrollers",
  "resourcequotas",
];

/** Storage of one class: `gold.storageclass.storage.k8s.io/requests.storage`. */
const storageOf = (name: string): boolean =>
  /^[a-z0-9.-]+\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/.test(name) &&
  labelKey.test(name);

/** Records what is wrong with what pods of a namespace may use. */
export function checkQuota({ resourceQuota, limitRange }: Quota, problems: Problems): void {
  if (resourceQuota !== undefined) {
    const own = problems.at("resourceQuota");
    own.unless(Object.keys(resourceQuota).length > 0, "", {}, "must name at least one resource");
    for (const [name, value] of Object.entries(resourceQuota)) {
      own.checkName(name, counted);
      own.check(name, value, quantity);
    }
  }
  if (limitRange !== undefined) checkLimitRange(limitRange, problems.at("limitRange"));
}

/** Limits from the least to the most. */
const ASCENDING = ["min", "defaultRequest", "default", "max"] as const;

function checkLimitRange(limits: LimitRange, problems: Problems): void {
  const given = ASCENDING.filter((key) => Object.keys(limits[key] ?? {}).length > 0);
  problems.unless(given.length > 0, "", limits, `must have at least one of ${ASCENDING.join(", ")}`);
  for (const key of given) checkQuantities(limits[key] ?? {}, problems.at(key));
  given.forEach((lower, index) => {
    for (const upper of given.slice(index + 1)) {
      for (const [name, value] of Object.entries(limits[lower] ?? {})) {
        const most = limits[upper]?.[name];
        if (most !== undefined && amount(value) > amount(most))
          problems.add(`${lower}.${name}`, value, `must not exceed ${upper}, ${most}`);
      }
    }
  });
}
