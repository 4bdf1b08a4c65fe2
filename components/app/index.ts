export { App, type AppArgs } from "./app.ts";
export { checkApp } from "./check.ts";
export type { AppSpec, Autoscaling, Canary } from "./spec.ts";
