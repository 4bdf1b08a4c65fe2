import type { Owner } from "./fields.ts";

/** Managers that set fields because it is their task; people have others. */
const CONTROLLERS = [
  /^kube-(controller-manager|scheduler|apiserver)$/,
  /^kubelet$/,
  /^cloud-controller-manager$/,
  /^(k3s|rke2|k0s|microk8s|eks|gke|aks)\b/,
  /^(traefik|cert-manager|external-dns|metallb|speaker|calico|cilium|coredns)\b/,
  /-(controller|operator|provisioner|webhook|cainjector|autoscaler)$/,
  /^(controller|manager|vpa-recommender|vpa-updater)$/,
];

/** Other stacks of Pulumi, which patch the same object. */
const PULUMI = /^pulumi-(kubernetes|resource-kubernetes)\b/;

/**
 * Whether an owner sets fields because that is its task: a controller, a status, another stack's patch.
 *
 * @param more names of further managers that are controllers
 */
export const isController = ({ manager, subresource }: Owner, more: readonly string[] = []): boolean =>
  subresource === "status" ||
  PULUMI.test(manager) ||
  more.includes(manager) ||
  CONTROLLERS.some((pattern) => pattern.test(manager));

/** An owner in words: `kubectl-edit, 2026-11-25 13:07:35 UTC`. */
export const describeOwner = ({ manager, subresource, time }: Owner): string =>
  [
    subresource === undefined ? manager : `${manager} (${subresource})`,
    ...(time === undefined ? [] : [`${time.slice(0, 19).replace("T", " ")} UTC`]),
  ].join(", ");
