import type * as k8s from "@pulumi/kubernetes";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

const READ = ["get", "list", "watch"];
const WRITE = [...READ, "create", "update", "patch", "delete"];

/**
 * What a team may do in its namespaces: make whatever components of the library make there, and see how it fares. Left out is what would
 * reach beyond them: roles, quotas and network policies, the addresses behind a Service, and Traefik's TLSOptions and TLSStores,
 * of which a second `default` takes the platform's own away.
 */
export const teamRules: readonly PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["services", "configmaps", "secrets", "persistentvolumeclaims", "serviceaccounts"],
    verbs: WRITE,
  },
  // To look into pods, and to have one made anew.
  { apiGroups: [""], resources: ["pods"], verbs: [...READ, "delete"] },
  { apiGroups: [""], resources: ["pods/log", "events", "endpoints"], verbs: READ },
  { apiGroups: [""], resources: ["pods/portforward", "pods/exec"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["replicasets", "controllerrevisions"], verbs: READ },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: WRITE },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: WRITE },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: WRITE },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: WRITE },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["gateways", "httproutes"], verbs: WRITE },
  { apiGroups: ["cert-manager.io"], resources: ["certificates"], verbs: WRITE },
  // Why a certificate does not come.
  { apiGroups: ["acme.cert-manager.io"], resources: ["challenges"], verbs: READ },
  {
    apiGroups: ["traefik.io"],
    resources: [
      "ingressroutes",
      "ingressroutetcps",
      "ingressrouteudps",
      "middlewares",
      "middlewaretcps",
      "traefikservices",
      "serverstransports",
      "serverstransporttcps",
    ],
    verbs: WRITE,
  },
];

/** What teams may read of the whole cluster: the names, hosts and node ports that others have taken. */
export const nameRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces", "services"], verbs: ["get", "list"] },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"], verbs: ["get", "list"] },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes"], verbs: ["get", "list"] },
  { apiGroups: ["traefik.io"], resources: ["ingressroutes"], verbs: ["get", "list"] },
];
