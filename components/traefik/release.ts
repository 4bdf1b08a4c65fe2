import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { lastingLabels, type StringMap } from "../base/labels.ts";
import { wholeReferences } from "../base/references.ts";
import { transformed } from "../base/transform.ts";
import { awaitAddress } from "../service/load-balancer.ts";
import { chartReference } from "./chart.ts";
import { serviceTypeOf } from "./defaults.ts";
import type { PlacedArgs } from "./traefik.ts";

/** Name of the release, and so of the chart's namespaced objects. */
export const RELEASE = "traefik";

/** The objects of Traefik's chart in a namespace, one by one. */
export function traefikChart(
  name: string,
  args: PlacedArgs,
  values: Readonly<Record<string, unknown>>,
  namespace: k8s.core.v1.Namespace,
  opts: pulumi.ComponentResourceOptions,
): k8s.helm.v4.Chart {
  const awaited = serviceTypeOf(args) === "LoadBalancer" ? [awaitingAddress(name, args)] : [];
  return new k8s.helm.v4.Chart(
    `${name}-chart`,
    ...transformed<k8s.helm.v4.ChartArgs>(
      args.transform?.chart,
      {
        name: RELEASE,
        namespace: args.namespace,
        ...chartReference(args.chart),
        // The chart's directory of CRDs holds those of Traefik Hub as well.
        skipCrds: true,
        values,
      },
      pulumi.mergeOptions(opts, {
        transforms: [deletedWith(namespace), wholeReferences, withLastingPods, ...awaited],
      }),
    ),
  );
}

/**
 * Deletes with the namespace what is in it. Workloads are deleted by themselves: a namespace's controller looks after their pods
 * again only after half of the grace period.
 */
const deletedWith =
  (namespace: k8s.core.v1.Namespace): pulumi.ResourceTransform =>
  ({ type, props, opts }) =>
    isNamespaced(props) && !type.startsWith("kubernetes:apps/")
      ? { props, opts: { ...opts, deletedWith: namespace } }
      : undefined;

interface PodTemplate {
  readonly metadata?: { readonly labels?: StringMap };
}

/** The chart's common labels are its pods', too, which are to outlast the stack's expiry. */
export const withLastingPods: pulumi.ResourceTransform = ({ props, opts }) => {
  const { spec } = props as { spec?: { template?: PodTemplate } };
  const labels = spec?.template?.metadata?.labels;
  if (labels === undefined) return undefined;
  const metadata = { ...spec?.template?.metadata, labels: lastingLabels(labels) };
  return { props: { ...props, spec: { ...spec, template: { ...spec?.template, metadata } } }, opts };
};

const isNamespaced = ({ metadata }: { metadata?: { namespace?: unknown } }): boolean =>
  metadata?.namespace !== undefined;

/** Without it, a cluster that has no load balancer would be waited for ten minutes, and nobody say why. */
function awaitingAddress(name: string, { service }: PlacedArgs): pulumi.ResourceTransform {
  const options = awaitAddress(`${name}-service`, {
    service: RELEASE,
    class: service?.loadBalancerClass,
    timeoutSeconds: service?.timeoutSeconds,
    instead: "service.type NodePort",
  });
  return ({ type, props, opts }) =>
    type === "kubernetes:core/v1:Service" ? { props, opts: pulumi.mergeOptions(opts, options) } : undefined;
}
