export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { type Endpoint, Platform, type PlatformArgs, type PlatformTls } from "./platform.ts";
export { urlOf } from "./url.ts";
