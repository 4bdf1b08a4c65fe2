import { portEntries, type ServicePorts } from "./service-ports.ts";

/**
 * Name of a Service in the cluster's DNS, from any namespace. The cluster's domain is left off: pods search it, and it
 * need not be `cluster.local`.
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/}.
 */
export const serviceDns = (name: string, namespace: string): string => `${name}.${namespace}.svc`;

/**
 * Environment variables that containers of the Service's namespace find it by, if they start after it: host, first port,
 * and each port by name.
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables}.
 */
export function serviceVariables(name: string, ports: ServicePorts): string[] {
  const prefix = variable(name);
  const named = portEntries(ports).map(([port]) => `${prefix}_SERVICE_PORT_${variable(port)}`);
  return [`${prefix}_SERVICE_HOST`, `${prefix}_SERVICE_PORT`, ...named];
}

const variable = (name: string): string => name.toUpperCase().replaceAll("-", "_");
