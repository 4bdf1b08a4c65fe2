import { z } from "zod";

import { cidr, filled, key, nodePort, port, positive, required, stringMap, strings } from "./values.ts";

const trusted = z.strictObject({ trustedIPs: required(z.array(cidr), "Networks in CIDR notation.") });

/**
 * An entry point for http or https.
 * @param usual port Traefik listens on
 * @param exposed port of the Service
 */
export const entryPoint = (usual: number, exposed: number) =>
  z.strictObject({
    port: key(port, "Port Traefik listens on.", `${usual}, or ${exposed} on the host's network`),
    exposedPort: key(
      port,
      "Port of the Service, the one clients use.",
      `the node port of a NodePort Service, else ${exposed}`,
    ),
    nodePort: key(
      nodePort,
      "Port on every node, 30000 to 32767.",
      "one that Kubernetes picks, which nothing here knows",
    ),
    forwardedHeaders: key(
      trusted,
      "Networks whose `X-Forwarded-*` headers are believed: the gateways in front of Traefik.",
    ),
    proxyProtocol: key(trusted, "Networks that may open a connection with the PROXY protocol."),
  });

/** An entry point for TCP or UDP. */
export const furtherEntryPoint = z.strictObject({
  port: required(port, "Port Traefik listens on, 1024 or more."),
  exposedPort: key(port, "Port of the Service.", "the node port of a NodePort Service, else the port"),
  protocol: key(z.enum(["TCP", "UDP"]), "Protocol.", "TCP"),
  nodePort: key(nodePort, "Port on every node."),
});

/** The Service in front of Traefik. */
export const service = z.strictObject({
  type: key(z.enum(["ClusterIP", "NodePort", "LoadBalancer"]), "How the Service is reached.", "LoadBalancer"),
  externalTrafficPolicy: key(z.enum(["Cluster", "Local"]), "`Local` keeps the client's address.", "Cluster"),
  loadBalancerIP: key(
    z.union([z.ipv4({ error: "must be an address" }), z.ipv6({ error: "must be an address" })]),
    "Address wanted of a load balancer.",
  ),
  loadBalancerClass: key(filled, "Which of several load balancers serves it."),
  loadBalancerSourceRanges: key(z.array(cidr), "Networks a load balancer lets through.", "all"),
  timeoutSeconds: key(positive, "Seconds that `pulumi up` waits for a load balancer's address.", "120"),
  annotations: key(stringMap, "Annotations of the Service."),
});

/** What TLS a client has to speak. */
export const tls = z.strictObject({
  minVersion: key(z.enum(["VersionTLS12", "VersionTLS13"]), "Oldest TLS version accepted.", "VersionTLS12"),
  cipherSuites: key(strings, "TLS 1.2 cipher suites, in order.", "Go's"),
  sniStrict: key(z.boolean(), "Refuse clients that ask for a host without a certificate.", "false"),
});
