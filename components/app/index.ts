export { App, type AppArgs } from "./app.ts";
export type { AppSpec, Autoscaling, Canary } from "./spec.ts";
