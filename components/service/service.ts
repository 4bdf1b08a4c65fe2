import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { FollowerArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { metadataOf } from "../base/metadata.ts";
import type { NamespaceRef, Place } from "../base/place.ts";
import type { StackInfo } from "../base/stack.ts";
import { asObject, below } from "../base/object.ts";
import { transformed, type Transform } from "../base/transform.ts";
import type { Workload } from "../workload/workload.ts";
import { checkNodeAddresses, checkService } from "./check.ts";
import { serviceDns } from "./discovery.ts";
import { endpointSlice, sliceLabels } from "./endpoints.ts";
import { awaitAddress } from "./load-balancer.ts";
import { refuseNodeAddresses } from "./nodes.ts";
import { portEntries, type Protocol, targetPortOf } from "./service-ports.ts";
import { serviceSpec, type ServiceSpecArgs, targetBy } from "./spec.ts";
import { checkTarget, targetOf } from "./target.ts";

/** Arguments of {@link Service}. */
export interface ServiceArgs extends FollowerArgs, ServiceSpecArgs {
  /**
   * Whose pods answer: a Deployment, StatefulSet or DaemonSet, or the name of one that another program made for the same
   * stack. Each port has to lead to one of its containers' ports. Left out with `selector`, `endpoints` or an external name.
   */
  readonly target?: Workload | string | undefined;
  /** Labels of the pods that answer, where they are no `target`'s. */
  readonly selector?: StringMap | undefined;
  /**
   * Namespace of its objects: a Namespace, or the name of one made elsewhere. Left out with a component as `target`, whose
   * namespace it is; required otherwise.
   */
  readonly namespace?: NamespaceRef | undefined;
  /**
   * App that its objects are labelled with.
   * @default the target's, or the component's name
   */
  readonly app?: string | undefined;
  /**
   * Whether `up` waits until the Service has endpoints, or an address. Behind a workload that is waited for itself this
   * only costs the provider's ten seconds.
   * @default true for a load balancer, whose address is an output; false otherwise
   */
  readonly await?: boolean | undefined;
  /**
   * Addresses of the cluster's nodes, that external addresses must not be among.
   * @default with `externalIPs`, asked from the cluster by kubectl before the Service is made or changed
   */
  readonly nodeAddresses?: readonly string[] | undefined;
  /** Changes the child resources before they are made. */
  readonly transform?:
    | {
        readonly service?: Transform<k8s.core.v1.ServiceArgs> | undefined;
        readonly endpointSlice?: Transform<k8s.discovery.v1.EndpointSliceArgs> | undefined;
      }
    | undefined;
}

/**
 * A stable name and address for an app's pods, or for something outside the cluster.
 *
 * ```ts
 * new Service("api", { target: api, ports: { http: 80 } });
 * new Service("db", { namespace, exposure: Exposure.externalName("db.example.com") });
 * ```
 *
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/service/}.
 */
export class Service extends k8s.core.v1.Service implements Place {
  readonly stack: StackInfo;
  readonly namespace: pulumi.Input<string>;
  /** The component whose pods answer, if one does. */
  readonly target: Workload | undefined;
  /** `metadata.name`. */
  readonly name: pulumi.Output<string>;
  /** Name in the cluster's DNS: `api.shop.svc`. */
  readonly dns: pulumi.Output<string>;
  /** Ports by name, as clients of the Service use them. */
  readonly ports: Readonly<Record<string, number>>;
  /** Protocols of the ports, by the ports' names. */
  readonly protocols: Readonly<Record<string, Protocol>>;
  /** Where its ports lead, by the ports' names: the name or number of a container's port. */
  readonly targetPorts: Readonly<Record<string, number | string>>;
  /** Node ports by name, given or picked by the cluster; empty where the exposure opens none. */
  readonly nodePorts: pulumi.Output<Readonly<Record<string, number>>>;
  /** Address or host name that the load balancer gave; `undefined` for the other exposures. */
  readonly loadBalancerAddress: pulumi.Output<string | undefined>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    const { objectName = name, endpoints } = args;
    const problems = new Problems(`service ${objectName}`);
    checkService(objectName, args, problems);
    checkNodeAddresses(args.exposure, args.nodeAddresses ?? [], problems);
    checkTarget(args, problems);
    problems.throwIfAny();

    const { place, app, selector, target } = targetOf(name, args);
    const object = { ...args, ...place, app };
    const awaited = args.await ?? args.exposure?.kind === "loadBalancer";
    super(
      name,
      ...asObject<k8s.core.v1.ServiceArgs>(
        LAYER,
        name,
        args.transform?.service,
        {
          metadata: metadataOf(objectName, object, awaited ? {} : { "pulumi.com/skipAwait": "true" }),
          spec: serviceSpec(args, selector),
        },
        opts,
        outsideOptions(name, objectName, args, awaited, () => this),
      ),
    );
    this.stack = place.stack;
    this.namespace = place.namespace;
    this.target = target;
    if (endpoints !== undefined) this.#createEndpoints(name, objectName, object, endpoints, opts);

    this.name = this.metadata.name;
    this.dns = pulumi
      .all([this.name, this.metadata.namespace])
      .apply(([service, namespace]) => serviceDns(service, namespace));
    const ports = portEntries(args.ports ?? {});
    this.ports = Object.fromEntries(ports.map(([port, { port: number }]) => [port, number]));
    this.protocols = Object.fromEntries(ports.map(([port, { protocol = "TCP" }]) => [port, protocol]));
    this.targetPorts = Object.fromEntries(
      ports.map(([port, given]) => [port, targetPortOf(port, given, targetBy(args))]),
    );
    this.nodePorts = this.spec.ports.apply(nodePortNumbers);
    this.loadBalancerAddress = this.status.apply(ingressAddress);
  }

  #createEndpoints(
    name: string,
    objectName: string,
    args: ServiceArgs & Place,
    addresses: readonly string[],
    opts: pulumi.CustomResourceOptions | undefined,
  ): void {
    const labels = { ...args.labels, ...sliceLabels(objectName) };
    const manifest: k8s.discovery.v1.EndpointSliceArgs = {
      metadata: metadataOf(objectName, { ...args, labels }),
      ...endpointSlice(addresses, args.ports ?? {}),
    };
    new k8s.discovery.v1.EndpointSlice(
      `${name}-endpoints`,
      ...transformed(args.transform?.endpointSlice, manifest, {
        ...(opts?.deletedWith && { deletedWith: opts.deletedWith }),
        parent: this,
        aliases: [below(LAYER, name, opts)],
      }),
    );
  }
}

/** Type of the component that was around it. */
const LAYER = "service:Service";

/** Options of a Service that depends on what is outside it: a load balancer, or the addresses of the nodes. */
function outsideOptions(
  name: string,
  objectName: string,
  { exposure, nodeAddresses }: ServiceArgs,
  awaited: boolean,
  made: () => pulumi.Resource,
): pulumi.CustomResourceOptions {
  if (exposure?.kind === "loadBalancer" && awaited)
    return awaitAddress(name, { service: objectName, instead: "the exposure nodePort", ...exposure });
  if (exposure?.kind === "externalIPs" && nodeAddresses === undefined)
    return refuseNodeAddresses(name, objectName, exposure, made);
  return {};
}

function nodePortNumbers(
  ports: readonly k8s.types.output.core.v1.ServicePort[] | undefined,
): Record<string, number> {
  const opened = (ports ?? []).filter((port) => port.nodePort > 0);
  return Object.fromEntries(opened.map((port) => [port.name, port.nodePort]));
}

/** A Service's status as it really is: of another type, or in preview, it has less than the SDK's types promise. */
interface Status {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

function ingressAddress(status: Status | undefined): string | undefined {
  const [first] = status?.loadBalancer?.ingress ?? [];
  return first?.ip ?? first?.hostname;
}
