export type { AccessLog, AccessLogConfig } from "./access-log.ts";
export type * from "./args.ts";
export type * from "./entry-points.ts";
export { checkTraefik } from "./checks.ts";
export { TraefikDashboard, type TraefikDashboardArgs } from "./dashboard.ts";
export { CHART_REPOSITORY, CHART_VERSION, type ChartSource, TRAEFIK_VERSION } from "./chart.ts";
export { crdReference } from "./reference.ts";
export { Traefik, type TraefikArgs } from "./traefik.ts";
export { traefikValues } from "./values.ts";
