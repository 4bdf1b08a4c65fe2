import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Component, type ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { type Transform, transformed } from "../base/transform.ts";
import { type Claim, claimSpec } from "./claim.ts";

export interface PersistentVolumeClaimArgs extends ObjectArgs, Claim {
  /** Changes the PersistentVolumeClaim before it is made. */
  readonly transform?:
    { readonly persistentVolumeClaim?: Transform<k8s.core.v1.PersistentVolumeClaimArgs> } | undefined;
}

/**
 * A volume that outlives the pods that mount it, and goes with the stack: whether its data does is the reclaim policy of
 * its class. Pods whose user is not root need an `fsGroup` to write to it.
 *
 * ```ts
 * const data = new PersistentVolumeClaim("data", { namespace, storage: "10Gi" });
 * new Deployment("wiki", { …, mounts: { "/data": { claim: data } }, fsGroup: 65532 });
 * ```
 *
 * Only its size may change later, upwards, where the class allows it. What else would delete and make it anew fails.
 */
export class PersistentVolumeClaim extends Component {
  readonly persistentVolumeClaim: k8s.core.v1.PersistentVolumeClaim;
  /** Name of the claim, for a mount's `claim`. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PersistentVolumeClaimArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:PersistentVolumeClaim", name, opts);
    const problems = new Problems(`persistent volume claim ${name}`);
    const spec = claimSpec(args, "", problems);
    problems.throwIfAny();
    this.persistentVolumeClaim = new k8s.core.v1.PersistentVolumeClaim(
      name,
      ...transformed<k8s.core.v1.PersistentVolumeClaimArgs>(
        args.transform?.persistentVolumeClaim,
        {
          // Whoever mounts it waits for its volume, and says why there is none.
          metadata: metadataOf(args.objectName ?? name, args, { "pulumi.com/skipAwait": "true" }),
          spec,
        },
        // Another one cannot be made first, under its name: the volume stays.
        this.child({ deleteBeforeReplace: false }),
      ),
    );
    this.name = this.persistentVolumeClaim.metadata.name;
    this.registerOutputs({ name: this.name });
  }
}
