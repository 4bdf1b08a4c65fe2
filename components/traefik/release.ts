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

/** Traefik's chart. */
export interface TraefikRelease {
  readonly chart: k8s.helm.v4.Chart;
  /** Settles once the engine has been given the pods' workload. */
  readonly registered: Promise<void>;
}

/** The objects of Traefik's chart in a namespace, one by one. */
export function traefikRelease(
  name: string,
  args: PlacedArgs,
  values: Readonly<Record<string, unknown>>,
  namespace: k8s.core.v1.Namespace,
  opts: pulumi.ComponentResourceOptions,
): TraefikRelease {
  let tell = (): void => undefined;
  const registered = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const awaited = serviceTypeOf(args) === "LoadBalancer" ? [awaitingAddress(name, args)] : [];
  const chart = new k8s.helm.v4.Chart(
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
        transforms: [deletedWith(namespace), wholeReferences, withLastingPods, ...awaited, onWorkload(tell)],
      }),
    ),
  );
  // A chart without a workload, and one that is not rendered, as in a test.
  chart.urn.apply(() => {
    tell();
  });
  return { chart, registered };
}

/** Tells when the engine has the workload of the chart: it waits for the transform's answer. */
export const onWorkload =
  (tell: () => void): pulumi.ResourceTransform =>
  ({ type }) => {
    if (isWorkload(type)) setImmediate(tell);
    return undefined;
  };

const isWorkload = (type: string): boolean => type.startsWith("kubernetes:apps/");

/**
 * Deletes with the namespace what is in it. Workloads are deleted by themselves: a namespace's controller looks after their pods
 * again only after half of the grace period.
 */
const deletedWith =
  (namespace: k8s.core.v1.Namespace): pulumi.ResourceTransform =>
  ({ type, props, opts }) =>
    isNamespaced(props) && !isWorkload(type)
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
