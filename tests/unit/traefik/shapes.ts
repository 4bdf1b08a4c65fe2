import { readFileSync } from "node:fs";
import { join } from "node:path";

import { greeting } from "../../../examples/middlewares/greeting/plugin.ts";
import type { TraefikConfig } from "../../../components/traefik/args.ts";

const at = (stack: string): Pick<TraefikConfig, "stack" | "namespace"> => ({
  stack: { project: "slipway", stack },
  namespace: `slipway-${stack}-traefik`,
});

const CA = readFileSync(join(import.meta.dirname, "../../data/certificates/root.pem"), "utf8");

/** A Traefik as each kind of stack wants it; together they set every value there is. */
export const shapes: Readonly<Record<string, TraefikConfig>> = {
  smallest: at("smallest"),
  dev: {
    ...at("dev"),
    service: { type: "NodePort" },
    web: { nodePort: 30_350 },
    websecure: { nodePort: 31_971 },
    address: { ip: "198.51.100.2" },
    dashboard: true,
    accessLog: true,
    log: { level: "DEBUG" },
  },
  staging: {
    ...at("staging"),
    stack: { project: "slipway", stack: "staging", expires: "2030-01-31" },
    service: { type: "NodePort" },
    replicas: 2,
    redirect: "none",
  },
  prod: {
    ...at("prod"),
    ingressClass: "public",
    replicas: 3,
    service: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerIP: "192.0.2.10",
      loadBalancerClass: "example.com/class",
      timeoutSeconds: 300,
      loadBalancerSourceRanges: ["198.51.100.0/24"],
      annotations: { "example.com/pool": "public" },
    },
    web: { forwardedHeaders: { trustedIPs: ["10.0.0.0/8", "2001:db8::/32"] } },
    websecure: {
      forwardedHeaders: { trustedIPs: ["10.0.0.0/8"] },
      proxyProtocol: { trustedIPs: ["10.1.0.0/16"] },
      http3: true,
    },
    ports: { mqtt: { port: 1883, exposedPort: 8883 }, dns: { port: 5353, exposedPort: 53, protocol: "UDP" } },
    redirect: "all",
    lifeCycle: {
      requestAcceptGraceTimeout: 10,
      graceTimeOut: 45,
      keepAliveMaxTime: 9,
      terminationGracePeriodSeconds: 60,
    },
    forwardingTimeouts: { dialTimeout: 1, responseHeaderTimeout: 60 },
    resources: { requests: { cpu: "250m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } },
    podDisruptionBudget: { minAvailable: 2 },
    priorityClassName: "system-cluster-critical",
    nodeSelector: { "node-role": "edge" },
    tolerations: [{ key: "edge", operator: "Exists", effect: "NoSchedule" }],
    image: { registry: "registry.example.com/mirror", tag: "v3.7.11", pullPolicy: "Always" },
    imagePullSecrets: ["registry"],
    log: { level: "WARN", format: "json" },
    accessLog: "json",
    metrics: "service",
    tracing: { endpoint: "http://collector.observability.svc:4318", sampleRate: 0.5 },
    providers: {
      kubernetesCRD: { allowCrossNamespace: true, allowExternalNameServices: true },
      kubernetesIngress: { allowExternalNameServices: true },
      kubernetesIngressNGINX: true,
      kubernetesGateway: true,
    },
  },
  acme: {
    ...at("acme"),
    acme: {
      email: "ann@example.org",
      server: "https://ca.example.org/acme/directory",
      caCertificates: CA,
      validityDays: 47,
      storage: { size: "1Gi", storageClassName: "fast" },
    },
  },
  byTls: { ...at("by-tls"), acme: { email: "ann@example.org", challenge: "tls" } },
  plugins: { ...at("plugins"), localPlugins: { greeting } },
  autoscaled: {
    ...at("autoscaled"),
    autoscaling: { minReplicas: 2, maxReplicas: 6, cpuPercent: 60 },
    metrics: true,
  },
  host: {
    ...at("host"),
    accessLog: {
      format: "json",
      statusCodes: ["404", "500-599"],
      minDuration: 2,
      headers: ["User-Agent", "X-Request-Id"],
      query: false,
    },
    hostNetwork: true,
    address: { hostname: "edge.example.com" },
    providers: { kubernetesIngressNGINX: true, kubernetesGateway: true },
  },
  highHost: { ...at("high-host"), hostNetwork: true, web: { port: 8081 }, websecure: { port: 8444 } },
};
