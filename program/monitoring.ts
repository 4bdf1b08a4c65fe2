import { selectorLabels } from "../components/base/labels.ts";
import { type AppPlatform, Platform, PodMonitor, PrometheusRule } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

/** Has Prometheus Operator scrape the stack's own Traefik, and know the alerts. By annotations, Traefik's chart says it itself. */
export function monitor({ monitoring }: StackConfig, platform: AppPlatform): void {
  if (monitoring?.kind !== "monitor" || !(platform instanceof Platform)) return;
  const { stack, traefik } = platform;
  const { labels, interval } = monitoring;
  const place = { stack, namespace: traefik.namespace, labels };
  const within = { parent: platform, deletedWith: traefik.namespaceObject };
  const pods = { app: "traefik", selector: selectorLabels(stack, "traefik"), ports: { metrics: 9100 } };
  new PodMonitor("traefik", { ...place, ...pods, interval }, within);
  new PrometheusRule("slipway", place, within);
}
