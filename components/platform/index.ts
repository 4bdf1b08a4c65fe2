export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { type Dashboard, type Endpoint, Platform, type PlatformArgs, type PlatformTls } from "./platform.ts";
