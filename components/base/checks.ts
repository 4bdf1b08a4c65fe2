import { isIP } from "node:net";

/** Allowed names of most Kubernetes objects, in words. */
export const DNS_LABEL = "must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends";

/** RFC 1123 label, as Kubernetes wants for Services, namespaces and label values made of names. */
export const isDnsLabel = (text: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** RFC 1123 subdomain: labels joined by dots, at most 253 characters. */
export const isDnsName = (text: string): boolean => text.length <= 253 && text.split(".").every(isDnsLabel);

/** A TCP or UDP port number. */
export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** Allowed node ports, in words. */
export const NODE_PORT = "must be from 30000 to 32767";

/**
 * A port of the API server's default `--service-node-port-range`.
 * Source: {@link https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport}.
 */
export const isNodePort = (port: number): boolean =>
  Number.isInteger(port) && port >= 30_000 && port <= 32_767;

/** An IPv4 or IPv6 address with a prefix length, `10.0.0.0/8`. */
export function isCidr(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || length === undefined || !/^\d{1,3}$/.test(length)) return false;
  return Number(length) <= (version === 4 ? 32 : 128);
}

/** An absolute URL path, `/api`. */
export const isPath = (text: string): boolean => /^\/[^\s?#]*$/.test(text);

/**
 * A Kubernetes resource quantity, `250m` or `64Mi`.
 * Source: {@link https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/}.
 */
export const isQuantity = (text: string): boolean =>
  /^\d+(\.\d+)?([eE][+-]?\d+|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.test(text);
