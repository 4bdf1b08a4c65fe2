/** The library: components that publish apps on Kubernetes. */
export * from "./app/index.ts";
export { Cluster, type ClusterArgs } from "./base/cluster.ts";
export { UserError } from "./base/errors.ts";
export type { NamespaceRef } from "./base/place.ts";
export type { StackInfo } from "./base/stack.ts";
export type { Transform } from "./base/transform.ts";
export * from "./metallb/index.ts";
export * from "./monitoring/index.ts";
export * from "./platform/index.ts";
export * from "./route/index.ts";
export * from "./service/index.ts";
export * from "./sign-in/index.ts";
export * from "./tls/index.ts";
export * from "./traefik/index.ts";
export * from "./workload/index.ts";
