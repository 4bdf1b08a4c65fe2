import * as pulumi from "@pulumi/pulumi";
import type { ObjectArgs } from "../base/component.ts";
import type { Problems } from "../base/errors.ts";
import { appLabels, lastingLabels, selectorLabels, type StringMap } from "../base/labels.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { type Place, placeOf, stackOf } from "../base/place.ts";
import { dnsLabel } from "../base/rules/index.ts";
import type { PodArgs } from "./pod.ts";
import type { Ports } from "./container-ports.ts";

/** What every workload is told. */
export interface WorkloadArgs extends ObjectArgs, PodArgs {
  /**
   * `metadata.name` of the object, name of its main container and, as `app.kubernetes.io/name`, of its pods. It must not
   * change later, for pods are selected by it.
   * @default the component's name
   */
  readonly objectName?: string | undefined;
}

/** Pods that other components refer to: those of a Deployment, StatefulSet or DaemonSet. */
export interface Workload extends pulumi.Resource, Place {
  /** Namespace of its pods. */
  readonly namespace: pulumi.Output<string>;
  /** Name that its pods are labelled with, `app.kubernetes.io/name`. */
  readonly app: string;
  /** Labels that select its pods. */
  readonly selector: StringMap;
  /** Ports of its containers by name. */
  readonly ports: Ports;
}

/** What a workload tells others of its pods. */
export function podsOf(
  { name, selector }: Identity,
  args: WorkloadArgs,
): Omit<Workload, keyof pulumi.Resource> {
  const { stack, namespace } = placeOf(args);
  return { stack, namespace: pulumi.output(namespace), app: name, selector, ports: servedPorts(args) };
}

/** The ports of a pod's containers; of two with one name the main container's. */
const servedPorts = ({ ports, sidecars = {} }: PodArgs): Ports => {
  const beside = Object.values(sidecars).map((sidecar) => sidecar.ports);
  return Object.assign({}, ports, ...beside, ports) as Ports;
};

/** Names and labels of a workload. */
export interface Identity {
  readonly name: string;
  /** Labels that select its pods; they never change. */
  readonly selector: StringMap;
  /** Labels of its object. */
  readonly labels: StringMap;
  /** Labels of its pods. */
  readonly podLabels: StringMap;
}

/** Names and labels of a workload. */
export function identityOf(
  componentName: string,
  args: Pick<WorkloadArgs, "objectName" | "stack" | "namespace" | "labels">,
): Identity {
  const { objectName: name = componentName } = args;
  const stack = stackOf(args.stack, args.namespace);
  const all = { ...args.labels, ...appLabels(stack, name) };
  return { name, selector: selectorLabels(stack, name), labels: all, podLabels: lastingLabels(all) };
}

/** Records what is wrong with the names of a workload, and labels that would change its selector. */
export function checkIdentity(
  componentName: string,
  args: Pick<WorkloadArgs, "objectName" | "stack" | "namespace" | "labels" | "annotations">,
  problems: Problems,
): void {
  const { objectName: name = componentName, labels = {} } = args;
  problems.check("name", name, dnsLabel);
  const own = appLabels(stackOf(args.stack, args.namespace), name);
  checkMetadata(args, problems);
  for (const [label, value] of Object.entries(labels)) {
    problems.unless(!(label in own), `labels.${label}`, value, "is set already, and pods are found by it");
  }
}

/** Metadata of a workload's object. */
export const workloadMetadata = (
  { name }: Identity,
  args: ObjectArgs,
  annotations?: StringMap,
): ReturnType<typeof metadataOf> => metadataOf(name, { ...args, app: name }, annotations);
