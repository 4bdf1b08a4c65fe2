import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { metadataOf } from "../base/metadata.ts";
import { asObject } from "../base/object.ts";
import type { Transform } from "../base/transform.ts";
import { type ConfigSource, digest, checkData } from "./config-source.ts";
import { Problems } from "../base/errors.ts";

export interface ConfigMapArgs extends ObjectArgs {
  /** Values by key, which is the file name where it is mounted. */
  readonly data: Readonly<Record<string, pulumi.Input<string>>>;
  /** Changes the ConfigMap before it is made. */
  readonly transform?: { readonly configMap?: Transform<k8s.core.v1.ConfigMapArgs> } | undefined;
}

/**
 * Configuration for pods. Those that mount it, or take a variable from it, are rolled when it changes.
 *
 * A provider without `enableConfigMapMutable` deletes and makes it anew on a change: for that moment pods cannot start.
 */
export class ConfigMap extends k8s.core.v1.ConfigMap implements ConfigSource {
  readonly name: pulumi.Output<string>;
  readonly checksum: pulumi.Output<string>;

  constructor(name: string, args: ConfigMapArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`config map ${name}`);
    checkData(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    super(
      name,
      ...asObject<k8s.core.v1.ConfigMapArgs>(
        "workload:ConfigMap",
        name,
        args.transform?.configMap,
        {
          metadata: metadataOf(args.objectName ?? name, args),
          data: args.data,
        },
        opts,
      ),
    );
    this.name = this.metadata.name;
    this.checksum = pulumi.output(args.data).apply((values) => digest(...Object.entries(values).flat()));
  }
}
