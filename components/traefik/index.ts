export type { AccessLog, AccessLogConfig } from "./access-log.ts";
export type { AcmeConfig, AcmeStorage } from "./acme.ts";
export type * from "./args.ts";
export type * from "./pod-args.ts";
export type * from "./entry-points.ts";
export { TraefikDashboard, type TraefikDashboardArgs } from "./dashboard.ts";
export { CHART_VERSION, type ChartSource, TRAEFIK_VERSION } from "./chart.ts";
export type { LocalPlugin } from "./plugins.ts";
export { Traefik, type TraefikArgs } from "./traefik.ts";
