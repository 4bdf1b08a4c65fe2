/** The parts that addons of one program each have in common: all go by the program's name, and so does their namespace. */

const RBAC = "rbac.authorization.k8s.io";

export const labelsOf = (name: string) => ({ "app.kubernetes.io/name": name });

export const metadataOf = (name: string) => ({ name, namespace: name, labels: labelsOf(name) });

/** Its namespace, where pods are held to a level of the Pod Security Standards. */
export const namespaceOf = (name: string, level: "restricted" | "privileged"): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { ...labelsOf(name), "pod-security.kubernetes.io/enforce": level } },
});

/** Its account, and what that may do in the whole cluster. */
export function accountWith(name: string, rules: readonly object[]): object[] {
  const clusterWide = { name: `slipway-lab:${name}`, labels: labelsOf(name) };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadataOf(name) },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: clusterWide, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata: clusterWide,
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: clusterWide.name },
      subjects: [{ kind: "ServiceAccount", name, namespace: name }],
    },
  ];
}

/** Its only pod. */
export const onePod = (
  name: string,
  spec: object,
  annotations?: Readonly<Record<string, string>>,
): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: metadataOf(name),
  spec: {
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: labelsOf(name) },
    template: { metadata: { labels: labelsOf(name), ...(annotations && { annotations }) }, spec },
  },
});
