import * as rules from "./rules/index.ts";

export const DNS_LABEL = rules.dnsLabel.allowed as string;
export const isDnsLabel = rules.dnsLabel.test;
export const isDnsName = rules.dnsName.test;
export const isPort = rules.port.test;
export const NODE_PORT = rules.nodePort.allowed as string;
export const isNodePort = rules.nodePort.test;
export const isCidr = rules.cidr.test;
export const isPath = rules.urlPath.test;
export const isQuantity = rules.quantity.test;
