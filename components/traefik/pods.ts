import { selectorLabels } from "../base/labels.ts";
import { canonicalQuantities } from "../base/quantity.ts";
import { acmeSecurity } from "./acme.ts";
import type { TraefikConfig } from "./args.ts";
import { APP, kindOf, lifeCycleOf, PING_PORT, portsOf, READY_PATH, webOf, websecureOf } from "./defaults.ts";
import type { Values } from "../base/values.ts";
import { pluginAnnotations } from "./plugins.ts";

/** The chart's values that say how many pods there are, what they may, and where they run. */
export const podValues = (config: TraefikConfig): Values => ({
  ...workload(config),
  ...security(config),
  ...scheduling(config),
});

/** Requests and limits of a pod. */
export const resourcesOf = ({ resources }: TraefikConfig) => ({
  requests: resources?.requests ?? { cpu: "50m", memory: "64Mi" },
  limits: resources?.limits ?? { cpu: "1", memory: "256Mi" },
});

function workload(config: TraefikConfig): Values {
  const kind = kindOf(config);
  const { terminationGracePeriodSeconds } = lifeCycleOf(config);
  const { requests, limits } = resourcesOf(config);
  const replicas = config.replicas ?? 1;
  const several = replicas > 1 || (config.autoscaling?.minReplicas ?? 1) > 1 || kind === "DaemonSet";
  const budget = config.podDisruptionBudget ?? (several ? { maxUnavailable: 1 } : undefined);
  return {
    deployment: {
      kind,
      replicas: kind === "Deployment" && config.autoscaling === undefined ? replicas : undefined,
      terminationGracePeriodSeconds,
      dnsPolicy: config.hostNetwork === true ? "ClusterFirstWithHostNet" : undefined,
      podAnnotations: pluginAnnotations(config),
      imagePullSecrets: config.imagePullSecrets?.map((name) => ({ name })),
    },
    updateStrategy: {
      type: "RollingUpdate",
      // Two pods cannot listen on the same ports of a node, nor keep one file of certificates: there the old one goes first.
      rollingUpdate:
        config.hostNetwork === true || config.acme !== undefined
          ? { maxUnavailable: 1, maxSurge: 0 }
          : { maxUnavailable: 0, maxSurge: 1 },
    },
    // Ping answers before any route is known. READY_PATH is one of the routes, so that a new pod gets no request that it
    // would answer with 404; only at its start, so that a running pod does not hang on it.
    startupProbe: {
      httpGet: { path: READY_PATH, port: PING_PORT },
      periodSeconds: 1,
      failureThreshold: 60,
    },
    // Traefik is up in under a second; the chart's first look after two and then every ten would hide that.
    readinessProbe: { initialDelaySeconds: 0, periodSeconds: 1, failureThreshold: 3 },
    autoscaling: config.autoscaling && {
      enabled: true,
      minReplicas: config.autoscaling.minReplicas ?? 1,
      maxReplicas: config.autoscaling.maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: config.autoscaling.cpuPercent ?? 75 },
          },
        },
      ],
    },
    podDisruptionBudget: budget && { enabled: true, ...budget },
    resources: { requests: canonicalQuantities(requests), limits: canonicalQuantities(limits) },
  };
}

/**
 * What the `restricted` Pod Security Standard asks for. Ports below 1024 on the host's network need root with the one
 * capability: Kubernetes gives an unprivileged user none, and the host's own `ip_unprivileged_port_start` is not a
 * pod's to set.
 * Source: {@link https://kubernetes.io/docs/concepts/security/pod-security-standards/ | Pod Security Standards}.
 */
function security(config: TraefikConfig): Values {
  const low = [webOf(config), websecureOf(config), ...portsOf(config).map(([, port]) => port)].some(
    ({ port }) => port < 1024,
  );
  const user = low ? 0 : 65_532;
  return {
    hostNetwork: config.hostNetwork === true,
    podSecurityContext: {
      runAsNonRoot: !low,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
      ...acmeSecurity(config, user),
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: low ? ["NET_BIND_SERVICE"] : undefined },
      readOnlyRootFilesystem: true,
    },
    rbac: { enabled: true },
  };
}

function scheduling(config: TraefikConfig): Values {
  return {
    priorityClassName: config.priorityClassName,
    nodeSelector: config.nodeSelector,
    tolerations: config.tolerations,
    topologySpreadConstraints:
      kindOf(config) === "DaemonSet"
        ? undefined
        : [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selectorLabels(config.stack, APP) },
              // Without it, the pods that a rollout is about to remove push the new ones onto one node.
              matchLabelKeys: ["pod-template-hash"],
            },
          ],
  };
}
