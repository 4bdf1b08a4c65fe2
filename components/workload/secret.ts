import { scryptSync } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { metadataOf } from "../base/metadata.ts";
import { base64 } from "../base/values.ts";
import { stackOf } from "../base/place.ts";
import { asObject } from "../base/object.ts";
import type { Transform } from "../base/transform.ts";
import { type ConfigSource, checkData } from "./config-source.ts";
import { Problems } from "../base/errors.ts";

export interface SecretArgs extends ObjectArgs {
  /** @default "Opaque" */
  readonly type?: string | undefined;
  /** Values by key, in plain; they are kept secret and stored as base64. */
  readonly data: Readonly<Record<string, pulumi.Input<string>>>;
  /** Changes the Secret before it is made. */
  readonly transform?: { readonly secret?: Transform<k8s.core.v1.SecretArgs> } | undefined;
}

/**
 * Passwords and keys for pods. Those that mount it, or take a variable from it, are rolled when it changes.
 * Nothing of it is shown: not in previews, not in plain state.
 */
export class Secret extends k8s.core.v1.Secret implements ConfigSource {
  readonly name: pulumi.Output<string>;
  readonly checksum: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`secret ${name}`);
    checkData(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const data = pulumi.secret(pulumi.output(args.data));
    const { objectName = name, type = "Opaque" } = args;
    const { project, stack } = stackOf(args.stack, args.namespace);
    super(
      name,
      ...asObject<k8s.core.v1.SecretArgs>(
        "workload:Secret",
        name,
        args.transform?.secret,
        {
          metadata: metadataOf(objectName, args),
          type,
          data: data.apply((values) =>
            Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])),
          ),
        },
        opts,
      ),
    );
    this.name = this.metadata.name;
    this.checksum = checksumOf(data, `${project}/${stack}/${objectName}`);
  }

  /** A Secret that somebody else makes; a change of its content rolls nothing. */
  static fromName(name: pulumi.Input<string>): ConfigSource {
    return { name };
  }
}

/** Whoever may read a Deployment sees this, so it is made slowly: a weak password cannot be guessed from it. */
const checksumOf = (data: pulumi.Output<Record<string, string>>, salt: string): pulumi.Output<string> =>
  pulumi.unsecret(
    data.apply((values) => scryptSync(JSON.stringify(Object.entries(values)), salt, 8).toString("hex")),
  );
