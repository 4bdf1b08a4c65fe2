import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName } from "../base/hooks.ts";
import { PLATFORM_LABEL, PROJECT_LABEL, STACK_LABEL } from "../base/labels.ts";
import { metadataOf } from "../base/metadata.ts";
import { platformName, type StackInfo } from "../base/stack.ts";
import type { Traefik } from "../traefik/index.ts";

/** An object that a stack has on a platform, as the cluster lists it. */
interface Owned {
  readonly metadata: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Kinds that a stack with an app has at least one of. */
const KINDS = "namespaces,services,deployments,statefulsets,daemonsets,cronjobs,jobs,configmaps";

/** Full names, `<project>/<stack>`, of the stacks that objects on a platform belong to, without the platform's own. */
export function stacksAmong(objects: readonly Owned[], own: StackInfo): string[] {
  const names = objects.map(
    ({ metadata: { labels = {} } }) => `${labels[PROJECT_LABEL] ?? ""}/${labels[STACK_LABEL] ?? ""}`,
  );
  return [...new Set(names)].filter((name) => name !== `${own.project}/${own.stack}`).sort();
}

/**
 * A hook that refuses to delete what stacks stand on: a namespace while others have objects in it, and anything else while others are
 * on the platform at all. `pulumi destroy` runs it with `--run-program`, and refuses without.
 */
export const refuseWhileInUse = (
  name: string,
  stack: StackInfo,
  platform: () => pulumi.Resource,
): pulumi.ResourceHook =>
  new pulumi.ResourceHook(
    hookName(name, "in-use"),
    async ({ oldOutputs }) => {
      // Nobody answers for a cluster that is gone, and who says so means to go on.
      if (process.env.PULUMI_K8S_DELETE_UNREACHABLE === "true") return;
      const { kind, metadata } = oldOutputs as { kind?: string; metadata: { name: string } };
      const place = kind === "Namespace" ? ["--namespace", metadata.name] : ["--all-namespaces"];
      const kinds = kind === "Namespace" ? KINDS.replace("namespaces,", "") : KINDS;
      const selector = ["--selector", `${PLATFORM_LABEL}=${platformName(stack)}`];
      const { items } = await kubectlOf(platform()).get<{ items: Owned[] }>(kinds, ...place, ...selector);
      const others = stacksAmong(items, stack);
      if (others.length === 0) return;
      const what = kind === "Namespace" ? `namespace ${metadata.name}` : `platform ${platformName(stack)}`;
      throw new Error(`${what} is in use by ${others.join(", ")}: destroy what they have there first`);
    },
    { onDryRun: true },
  );

/**
 * The first object of a platform that `destroy` deletes, so that nothing has been touched when it refuses: Pulumi deletes by depth, and
 * nothing is deeper than what depends on the deepest. It holds what anyone on the cluster may know of the platform.
 */
export function keepWhileInUse(
  name: string,
  { stack, traefik, certificate, hook }: InUseArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ConfigMap {
  return new k8s.core.v1.ConfigMap(
    name,
    {
      metadata: metadataOf("platform", { stack, namespace: traefik.namespace }),
      data: {
        ingressClass: traefik.ingressClass,
        ...(certificate !== undefined && { "ca.crt": certificate }),
      },
    },
    pulumi.mergeOptions(opts, { hooks: { beforeDelete: [hook] } }),
  );
}

interface InUseArgs {
  readonly stack: StackInfo;
  readonly traefik: Traefik;
  /** Of its authority, PEM. */
  readonly certificate: pulumi.Output<string> | undefined;
  readonly hook: pulumi.ResourceHook;
}
