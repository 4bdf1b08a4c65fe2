import type { Probes } from "../components/workload/index.ts";

/** What the image of an app in this directory wants of its pods. */
export interface ImageNeeds {
  readonly probes: Probes;
  /** Directories it writes to. */
  readonly writable?: readonly string[];
  /** Seconds it takes to finish the requests it has. */
  readonly shutdownSeconds?: number;
  /** Variable that tells it the prefix a proxy strips. */
  readonly rootPathEnv?: string;
  /** Variable that tells it its title. */
  readonly titleEnv?: string;
  /** Where it has metrics, and the variable that has it serve them. */
  readonly metrics?: { readonly port: number; readonly portEnv: string };
  /** Whether it sends traces where OpenTelemetry's variables say. */
  readonly traces?: boolean;
  readonly env: Readonly<Record<string, string | { readonly fieldRef: string }>>;
}

/** The images by the name of their directory. All listen on 8080. */
export const catalog: Readonly<Record<string, ImageNeeds>> = {
  fastapi: {
    probes: { liveness: "/healthz", readiness: "/readyz" },
    // As in its Dockerfile, UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN.
    shutdownSeconds: 25,
    rootPathEnv: "UVICORN_ROOT_PATH",
    titleEnv: "APP_TITLE",
    // As OpenTelemetry's exporters for Prometheus have it.
    metrics: { port: 9464, portEnv: "METRICS_PORT" },
    traces: true,
    env: {
      // Pods are reached from inside the cluster only, and Traefik passes on no header that it was not told to trust.
      FORWARDED_ALLOW_IPS: "*",
      POD_NAME: { fieldRef: "metadata.name" },
      POD_NAMESPACE: { fieldRef: "metadata.namespace" },
      NODE_NAME: { fieldRef: "spec.nodeName" },
    },
  },
  nginx: {
    probes: { liveness: "/healthz", readiness: "/healthz" },
    writable: ["/tmp"],
    env: {},
  },
};
