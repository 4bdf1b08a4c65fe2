import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { asObject } from "../base/object.ts";
import type { StackInfo } from "../base/stack.ts";
import type { Transform } from "../base/transform.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import type { Ports } from "./ports.ts";
import { identityOf, podsOf, type Workload, type WorkloadArgs, workloadMetadata } from "./workload.ts";

export interface DaemonSetArgs extends WorkloadArgs {
  /** Nodes that are without their pod at a time during an update, a number or a percentage. @default 1 */
  readonly maxUnavailable?: number | string | undefined;
  /** Seconds within which `up` wants a ready pod on every node. @default 300 */
  readonly timeoutSeconds?: number | undefined;
  /** Changes the DaemonSet before it is made. */
  readonly transform?: { readonly daemonSet?: Transform<k8s.apps.v1.DaemonSetArgs> } | undefined;
}

/** One pod on each node that `nodeSelector`, `affinity` and `tolerations` let it on. */
export class DaemonSet extends k8s.apps.v1.DaemonSet implements Workload {
  /** Name of the DaemonSet, known once it is rolled out. */
  readonly name: pulumi.Output<string>;
  readonly stack: StackInfo;
  /** Namespace of its pods. */
  readonly namespace: pulumi.Output<string>;
  /** Name that its pods are labelled with. */
  readonly app: string;
  /** Labels that select its pods. */
  readonly selector: StringMap;
  /** Ports of its containers by name. */
  readonly ports: Ports;

  constructor(name: string, args: DaemonSetArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`daemon set ${name}`);
    const identity = identityOf(name, args, problems);
    const template = podTemplate(args, identity, problems);
    const { maxUnavailable = 1 } = args;
    problems.unless(
      Number.parseInt(String(maxUnavailable), 10) > 0,
      "maxUnavailable",
      maxUnavailable,
      "must be above 0: a node's pod ends before the next one starts",
    );
    problems.throwIfAny();

    const timeout = `${args.timeoutSeconds ?? 300}s`;
    super(
      name,
      ...asObject<k8s.apps.v1.DaemonSetArgs>(
        "workload:DaemonSet",
        name,
        args.transform?.daemonSet,
        {
          metadata: workloadMetadata(identity, args),
          spec: {
            selector: { matchLabels: identity.selector },
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable } },
            template,
          },
        },
        opts,
        { customTimeouts: { create: timeout, update: timeout }, ...explainFailure(name, args, () => this) },
      ),
    );
    this.name = this.metadata.name;
    const pods = podsOf(identity, args);
    this.stack = pods.stack;
    this.namespace = pods.namespace;
    this.app = pods.app;
    this.selector = pods.selector;
    this.ports = pods.ports;
  }
}
