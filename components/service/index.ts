export { Exposure } from "./exposure.ts";
export type * from "./exposure.ts";
export type { ServicePort, ServicePorts } from "./service-ports.ts";
export { Service, type ServiceArgs } from "./service.ts";
export type { SessionAffinity } from "./spec.ts";
export { serviceDns, serviceVariables } from "./discovery.ts";
