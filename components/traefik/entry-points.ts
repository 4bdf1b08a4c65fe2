/** How the Service in front of Traefik is reached. */
export type ServiceType = "ClusterIP" | "NodePort" | "LoadBalancer";

/** The Service in front of Traefik. */
export interface ServiceConfig {
  /** How the Service is reached. @default "LoadBalancer", or "ClusterIP" on the host's network */
  readonly type?: ServiceType | undefined;
  /**
   * `Local` keeps the client's address and answers only on nodes that run a pod. Rejected for ClusterIP.
   * @default Kubernetes' own, Cluster
   */
  readonly externalTrafficPolicy?: "Cluster" | "Local" | undefined;
  /** Address wanted of a LoadBalancer, where its controller grants wishes. @default any */
  readonly loadBalancerIP?: string | undefined;
  /** Which of several load balancers serves it. @default the cluster's only or default one */
  readonly loadBalancerClass?: string | undefined;
  /** Client networks a LoadBalancer lets through, in CIDR notation. @default all */
  readonly loadBalancerSourceRanges?: readonly string[] | undefined;
  /** Seconds that `up` waits for a LoadBalancer's address before it fails and says why. @default 120 */
  readonly timeoutSeconds?: number | undefined;
  /** Annotations of the Service. @default none */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** An entry point for http or https. */
export interface EntryPointConfig {
  /**
   * Port Traefik listens on. Below 1024 only on the host's network.
   * @default 8000 for web, 8443 for websecure; 80 and 443 on the host's network
   */
  readonly port?: number | undefined;
  /**
   * Port of the Service, which is the port clients use.
   * @default the node port of a NodePort Service, else 80 for web, 443 for websecure
   */
  readonly exposedPort?: number | undefined;
  /**
   * Port on every node, of the cluster's range.
   * @default one that Kubernetes picks
   */
  readonly nodePort?: number | undefined;
  /** Networks whose X-Forwarded-* headers are believed, as CIDRs: the gateways in front of Traefik. */
  readonly forwardedHeaders?: TrustedNetworks | undefined;
  /** Networks that may open a connection with the PROXY protocol, as CIDRs. */
  readonly proxyProtocol?: TrustedNetworks | undefined;
}

/** The entry point of https. */
export interface SecureEntryPointConfig extends EntryPointConfig {
  /**
   * Serve HTTP/3 as well, over UDP at the very port of https, and tell clients so by `Alt-Svc`. Firewalls and load balancers in front
   * have to let UDP through; one that does not costs nothing, as clients stay with HTTP/2. Rejected where Kubernetes picks the port.
   * @default false
   */
  readonly http3?: boolean | undefined;
}

/** Networks that are trusted. */
export interface TrustedNetworks {
  /** Networks in CIDR notation: `["10.0.0.0/8"]`. */
  readonly trustedIPs: readonly string[];
}

/** An entry point for TCP or UDP. */
export interface PortConfig {
  /** Port Traefik listens on; 1024 or more unless on the host's network. */
  readonly port: number;
  /** Port of the Service, which is the port clients use. @default the node port of a NodePort Service, else the port */
  readonly exposedPort?: number | undefined;
  /** Protocol of the traffic. @default "TCP" */
  readonly protocol?: "TCP" | "UDP" | undefined;
  /** Port on every node, of the cluster's range. @default one that Kubernetes picks */
  readonly nodePort?: number | undefined;
}

/** What TLS a client has to speak. */
export interface TlsConfig {
  /** Oldest TLS version that is accepted. @default "VersionTLS12" */
  readonly minVersion?: "VersionTLS12" | "VersionTLS13" | undefined;
  /** Names of TLS 1.2 cipher suites, in order. @default Go's */
  readonly cipherSuites?: readonly string[] | undefined;
  /** Refuse a client that asks for a host without a certificate, rather than answer 404 with a default one. @default false */
  readonly sniStrict?: boolean | undefined;
}
