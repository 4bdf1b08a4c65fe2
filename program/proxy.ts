import { entryPointsOf, serviceTypeOf } from "../components/traefik/defaults.ts";
import type { StackConfig } from "./config.ts";

/** A port that clients use and no node listens on. */
interface ProxiedPort {
  /** The entry point it leads to. */
  readonly name: string;
  readonly port: number;
  readonly nodePort: number;
  readonly udp: boolean;
  /** Whether Traefik takes the client's address from the PROXY protocol. */
  readonly proxyProtocol: boolean;
}

/** Ports that a proxy in front of the nodes has to serve: those of a NodePort Service that differ from its node ports. */
export function proxiedPorts(traefik: StackConfig["traefik"]): readonly ProxiedPort[] {
  if (serviceTypeOf(traefik) !== "NodePort") return [];
  return Object.entries(entryPointsOf(traefik)).flatMap(([name, { exposedPort, nodePort }]) => {
    if (nodePort === undefined || nodePort === exposedPort) return [];
    const trusted = name === "web" || name === "websecure" ? traefik[name]?.proxyProtocol : undefined;
    const udp = traefik.ports?.[name]?.protocol === "UDP";
    return [{ name, port: exposedPort, nodePort, udp, proxyProtocol: trusted !== undefined }];
  });
}

/**
 * The part of nginx.conf for a proxy in front of the nodes. It passes connections on as they are, so that TLS ends at Traefik, and
 * tries another node soon where one is gone: nginx would wait for a minute.
 *
 * Source: {@link https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html}.
 * @param node address of a node
 */
export function nginxStream(ports: readonly ProxiedPort[], node: string): string {
  const blocks = ports.map(
    ({ name, port, nodePort, udp, proxyProtocol }) => `    upstream ${name} {
        server ${node}:${nodePort};
    }
    server {
        listen ${port}${udp ? " udp" : ""};
        proxy_pass ${name};
        proxy_connect_timeout 2s;${proxyProtocol ? "\n        proxy_protocol on;" : ""}
    }`,
  );
  return `stream {\n${blocks.join("\n")}\n}`;
}
