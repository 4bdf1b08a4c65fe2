export { Exposure } from "./exposure.ts";
export type * from "./exposure.ts";
export type { ServicePort, ServicePorts } from "./ports.ts";
export { Service, type ServiceArgs } from "./service.ts";
export { serviceSpec, type ServiceSpecArgs, type SessionAffinity } from "./spec.ts";
export { checkNodeAddresses, checkService } from "./check.ts";
export { checkNodePorts, type NodePortClaim } from "./node-ports.ts";
export { serviceDns, serviceVariables } from "./discovery.ts";
