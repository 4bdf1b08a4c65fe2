export type * from "./args.ts";
export { type ChartSource, CHART_REPOSITORY, CHART_VERSION, Traefik, type TraefikArgs } from "./traefik.ts";
export { traefikValues } from "./values.ts";
