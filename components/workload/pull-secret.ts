import * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { base64 } from "../base/values.ts";
import { registryHost } from "../base/rules/index.ts";
import { Secret, type SecretArgs } from "./secret.ts";

/** Who pulls images from where. */
export interface Registry {
  /** Host of the registry, with its port where it has one: `registry.example:5000`. No scheme, no path. */
  readonly registry: string;
  readonly username: pulumi.Input<string>;
  /** Password or token, from secret configuration. */
  readonly password: pulumi.Input<string>;
}

export interface PullSecretArgs extends Registry, Omit<SecretArgs, "data" | "type"> {}

/**
 * Access to a private registry, for the `pullSecrets` of a workload.
 *
 * ```ts
 * const pull = new PullSecret("registry", {
 *   namespace, registry: "registry.example", username: "ci", password: config.requireSecret("password"),
 * });
 * new Deployment("web", { image: "registry.example/web:1", pullSecrets: [pull], … });
 * ```
 */
export class PullSecret extends Secret {
  constructor(name: string, args: PullSecretArgs, opts?: pulumi.CustomResourceOptions) {
    const { registry, username, password, ...rest } = args;
    const problems = new Problems(`pull secret ${name}`);
    problems.check("registry", registry, registryHost);
    problems.throwIfAny();
    const data = { ".dockerconfigjson": dockerConfig({ registry, username, password }) };
    super(name, { ...rest, type: "kubernetes.io/dockerconfigjson", data }, opts);
  }
}

/**
 * Contents of a Docker configuration file.
 * Source: {@link https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets}.
 */
const dockerConfig = ({ registry, username, password }: Registry): pulumi.Output<string> =>
  pulumi.all([username, password]).apply(([user, secret]) => {
    const auth = base64(`${user}:${secret}`);
    return JSON.stringify({ auths: { [registry]: { username: user, password: secret, auth } } });
  });
