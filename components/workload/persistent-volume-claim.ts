import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { asObject } from "../base/object.ts";
import { canonicalQuantity } from "../base/quantity.ts";
import type { Transform } from "../base/transform.ts";
import { type Claim, claimSpec, checkClaim } from "./claim.ts";
import { objectName } from "../base/rules/index.ts";

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
export class PersistentVolumeClaim extends k8s.core.v1.PersistentVolumeClaim {
  /** Name of the claim, for a mount's `claim`. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PersistentVolumeClaimArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`persistent volume claim ${name}`);
    problems.check("name", args.objectName ?? name, objectName);
    checkMetadata(args, problems);
    checkClaim(args, problems);
    problems.throwIfAny();
    super(
      name,
      ...asObject<k8s.core.v1.PersistentVolumeClaimArgs>(
        "workload:PersistentVolumeClaim",
        name,
        args.transform?.persistentVolumeClaim,
        {
          // Whoever mounts it waits for its volume, and says why there is none.
          metadata: metadataOf(args.objectName ?? name, args, { "pulumi.com/skipAwait": "true" }),
          // A StatefulSet's templates keep their form: another one would replace it.
          spec: claimSpec({ ...args, storage: canonicalQuantity(args.storage) }),
        },
        opts,
        // Another one cannot be made first, under its name: the volume stays.
        { deleteBeforeReplace: false },
      ),
    );
    this.name = this.metadata.name;
  }
}
