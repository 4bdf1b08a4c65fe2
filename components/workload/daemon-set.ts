import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { asObject } from "../base/object.ts";
import type { StackInfo } from "../base/stack.ts";
import type { Transform } from "../base/transform.ts";
import { positive, rule, share } from "../base/rules/index.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import { checkPod } from "./pod-checks.ts";
import type { Ports } from "./container-ports.ts";
import {
  identityOf,
  podsOf,
  type Workload,
  type WorkloadArgs,
  workloadMetadata,
  checkIdentity,
} from "./workload.ts";

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
    checkIdentity(name, args, problems);
    checkDaemonSet(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const identity = identityOf(name, args);
    const { maxUnavailable = 1 } = args;

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
            template: podTemplate(args, identity),
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

/** A number of nodes, or a percentage of them, that is not nothing. */
const someNodes = rule<number | string>(
  "must be above 0: a node's pod ends before the next one starts",
  (value) => share.test(value) && Number.parseInt(String(value), 10) > 0,
);

/** Arguments of a DaemonSet but for where and whose it is. */
export type DaemonSetSpecArgs = Omit<DaemonSetArgs, keyof ObjectArgs | "transform">;

/**
 * Records everything that is wrong with a DaemonSet but for where and whose it is.
 * @param name of the main container
 */
export function checkDaemonSet(name: string, args: DaemonSetSpecArgs, problems: Problems): void {
  problems.check("maxUnavailable", args.maxUnavailable, someNodes);
  problems.check("timeoutSeconds", args.timeoutSeconds, positive);
  checkPod(args, { name }, problems);
}
