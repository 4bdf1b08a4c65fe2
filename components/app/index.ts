export { App, type AppArgs } from "./app.ts";
export { checkApp } from "./check.ts";
export { type AppSpec, type Autoscaling, type Canary, decidesRedirect } from "./spec.ts";
