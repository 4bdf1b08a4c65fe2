import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { checkChart, type ChartSource, chartReference } from "../base/chart.ts";
import { admittedByWebhook } from "../base/webhook.ts";
import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { dnsLabel, labelKey, registryPrefix } from "../base/rules/index.ts";
import { stackLabels } from "../base/labels.ts";
import { wholeReferences } from "../base/references.ts";
import { runningStack, type StackInfo } from "../base/stack.ts";
import { type Transform, transformed } from "../base/transform.ts";
import { PullSecret, type Registry } from "../workload/pull-secret.ts";
import { type AddressPool, checkPools } from "./pool.ts";
import { metallbValues, PULL_SECRET } from "./values.ts";

/** The official chart. */
const OFFICIAL = { chart: "metallb", version: "0.15.2", repository: "https://metallb.github.io/metallb" };

const API_VERSION = "metallb.io/v1beta1";

/** Arguments of {@link MetalLB}. */
export interface MetalLBArgs {
  /**
   * The stack that owns the cluster's MetalLB.
   * @default the running one
   */
  readonly stack?: StackInfo | undefined;
  /** Pools of addresses by name; at least one. */
  readonly pools: Readonly<Record<string, AddressPool>>;
  /**
   * Namespace of MetalLB, made with it. It has to allow privileged pods: the speaker answers ARP on the node's
   * network.
   * @default "metallb-system"
   */
  readonly namespace?: string | undefined;
  /**
   * Whether MetalLB itself is this stack's. If not, only the pools are, and it must be in {@link namespace} already.
   * @default true
   */
  readonly install?: boolean | undefined;
  /**
   * Registry, with a prefix where it wants one, of its two images: `registry.example.com/mirror` has `metallb/controller` and
   * `metallb/speaker` below it.
   * @default "quay.io"
   */
  readonly imageRegistry?: string | undefined;
  /**
   * Account its images are pulled with, which becomes the Secret `registry` of its namespace before there are pods.
   * @default none
   */
  readonly registry?: Registry | undefined;
  /** Where the chart comes from: the official one, 0.15.2, unless said otherwise. */
  readonly chart?: ChartSource | undefined;
  /**
   * Serves only the Services that name this class.
   * @default the Services that name none
   */
  readonly loadBalancerClass?: string | undefined;
  /**
   * Network interfaces of the nodes that addresses are announced on.
   * @default all
   */
  readonly interfaces?: readonly string[] | undefined;
  /** Values of the chart that these arguments do not cover. They replace those made here, key by key at the top level. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** Changes the child resources before they are made. */
  readonly transform?:
    | {
        readonly namespace?: Transform<k8s.core.v1.NamespaceArgs> | undefined;
        readonly chart?: Transform<k8s.helm.v4.ChartArgs> | undefined;
        readonly pool?: Transform<k8s.apiextensions.CustomResourceArgs> | undefined;
        readonly advertisement?: Transform<k8s.apiextensions.CustomResourceArgs> | undefined;
      }
    | undefined;
}

/**
 * Load balancer for clusters that have none: gives Services addresses from pools, and answers ARP for them. A cluster
 * has one MetalLB at most.
 *
 * Where kube-proxy works by IPVS it must have `strictARP: true`; and kubeadm labels control-plane nodes
 * `node.kubernetes.io/exclude-from-external-load-balancers`, which keeps MetalLB off them.
 *
 * ```ts
 * const metallb = new MetalLB("metallb", { pools: { lab: { addresses: ["192.0.2.100-192.0.2.125"] } } });
 * new Service("web", { …, exposure: Exposure.loadBalancer() }, { dependsOn: metallb });
 * ```
 *
 * Source: {@link https://metallb.io/configuration/}.
 */
export class MetalLB extends Component {
  /** Namespace of MetalLB's objects. */
  readonly namespace: pulumi.Output<string>;
  readonly #stack: StackInfo;

  /** @throws UserError with a line for every mistake in the arguments */
  constructor(name: string, args: MetalLBArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metallb:MetalLB", name, opts);
    this.#stack = args.stack ?? runningStack();
    const problems = new Problems("metallb");
    checkPools(args.pools, problems);
    problems.check("namespace", args.namespace, dnsLabel);
    problems.check("imageRegistry", args.imageRegistry, registryPrefix);
    checkChart(args.chart ?? {}, problems.at("chart"));
    problems.check("loadBalancerClass", args.loadBalancerClass, labelKey);
    problems.throwIfAny();

    const installed = args.install === false ? [] : [this.#chart(name, args, this.#namespace(name, args))];
    const pools = Object.entries(args.pools).map(([pool, spec]) =>
      this.#pool(name, args, pool, spec, installed),
    );
    this.#advertisement(name, args, [...installed, ...pools]);

    this.namespace = pulumi.output(namespaceOf(args));
  }

  #namespace(name: string, args: MetalLBArgs): k8s.core.v1.Namespace {
    const labels = { ...stackLabels(this.#stack), "pod-security.kubernetes.io/enforce": "privileged" };
    return new k8s.core.v1.Namespace(
      `${name}-namespace`,
      ...transformed<k8s.core.v1.NamespaceArgs>(
        args.transform?.namespace,
        { metadata: { name: namespaceOf(args), labels } },
        this.child(),
      ),
    );
  }

  #chart(name: string, args: MetalLBArgs, namespace: k8s.core.v1.Namespace): k8s.helm.v4.Chart {
    const before = [namespace, ...this.#pullSecret(`${name}-registry`, args, namespace)];
    return new k8s.helm.v4.Chart(
      `${name}-chart`,
      ...transformed<k8s.helm.v4.ChartArgs>(
        args.transform?.chart,
        {
          name: "metallb",
          namespace: namespaceOf(args),
          ...chartReference(args.chart, OFFICIAL),
          values: metallbValues(args),
        },
        this.child({ dependsOn: before, transforms: [wholeReferences] }),
      ),
    );
  }

  #pullSecret(
    name: string,
    { registry }: MetalLBArgs,
    { metadata: { name: namespace } }: k8s.core.v1.Namespace,
  ): PullSecret[] {
    if (registry === undefined) return [];
    const place = { stack: this.#stack, namespace, objectName: PULL_SECRET };
    return [new PullSecret(name, { ...place, ...registry }, this.child())];
  }

  #pool(
    name: string,
    args: MetalLBArgs,
    pool: string,
    spec: AddressPool,
    dependsOn: pulumi.Resource[],
  ): k8s.apiextensions.CustomResource {
    const resource = `${name}-pool-${pool}`;
    return new k8s.apiextensions.CustomResource(
      resource,
      ...transformed<k8s.apiextensions.CustomResourceArgs>(
        args.transform?.pool,
        { ...this.#object(args, "IPAddressPool", pool), spec },
        this.child({ dependsOn, hooks: { onError: admittedByWebhook(resource) } }),
      ),
    );
  }

  #advertisement(name: string, args: MetalLBArgs, dependsOn: pulumi.Resource[]): void {
    const resource = `${name}-advertisement`;
    const spec = {
      ipAddressPools: Object.keys(args.pools),
      ...(args.interfaces === undefined ? {} : { interfaces: args.interfaces }),
    };
    new k8s.apiextensions.CustomResource(
      resource,
      ...transformed<k8s.apiextensions.CustomResourceArgs>(
        args.transform?.advertisement,
        { ...this.#object(args, "L2Advertisement", `${this.#stack.project}-${this.#stack.stack}`), spec },
        this.child({ dependsOn, hooks: { onError: admittedByWebhook(resource) } }),
      ),
    );
  }

  #object(args: MetalLBArgs, kind: string, name: string): k8s.apiextensions.CustomResourceArgs {
    const metadata = { name, namespace: namespaceOf(args), labels: stackLabels(this.#stack) };
    return { apiVersion: API_VERSION, kind, metadata };
  }
}

const namespaceOf = (args: MetalLBArgs): string => args.namespace ?? "metallb-system";
