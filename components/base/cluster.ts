import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { type Kubectl, kubectlWith } from "./kubectl.ts";

/** Arguments of {@link Cluster}. */
export interface ClusterArgs {
  /**
   * Context of the kubeconfig: a guard against the wrong cluster.
   * @default the current one
   */
  readonly context?: string | undefined;
}

/**
 * The cluster that a program deploys to: a provider for all its Kubernetes resources. Each provider is a process of its
 * own, so one should do for a stack.
 *
 * A kubeconfig that leads elsewhere moves nothing: objects that are not there count as unchanged until `pulumi up --refresh` makes
 * them. To move a stack to another cluster, destroy it first.
 *
 * Renewed certificates and changed files are updated in place: by default, Pulumi replaces a Secret or a ConfigMap whose data
 * change, and deletes the old one.
 *
 * ```ts
 * const cluster = new Cluster("cluster", { context: "kind-lab" });
 * const platform = new Platform("platform", { tls }, { provider: cluster });
 * ```
 */
export class Cluster extends kubernetes.Provider {
  /** Context of the kubeconfig; `undefined` stands for the current one. */
  readonly context: string | undefined;

  constructor(name: string, { context }: ClusterArgs = {}, opts?: pulumi.ResourceOptions) {
    super(
      name,
      {
        ...(context !== undefined && { context }),
        // Where the kubeconfig leads to another cluster, everything would be made there, and deleted here.
        clusterIdentifier: name,
        enableSecretMutable: true,
        enableConfigMapMutable: true,
      },
      opts,
    );
    this.context = context;
  }
}

/** The kubectl that reaches the cluster of a resource: in the context of its {@link Cluster}, or the current one. */
export function kubectlOf(resource: pulumi.Resource): Kubectl {
  const provider = resource.getProvider("kubernetes:core/v1:Pod");
  return kubectlWith(provider instanceof Cluster ? provider.context : undefined);
}
