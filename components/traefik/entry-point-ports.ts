import type { TraefikConfig } from "./args.ts";
import type { EntryPointConfig } from "./entry-points.ts";
import { type EntryPoint, lifeCycleOf, portsOf, webOf, websecureOf } from "./defaults.ts";
import type { Values } from "../base/values.ts";

/**
 * Below every route, also an Ingress's default backend: that has the same priority, and of equals Traefik's own routers
 * come last. Text, because Helm's templates would write the number as -2.147483648e+09.
 */
const LOWEST_PRIORITY = "-2147483648";

/** The chart's `ports`: the entry points with their ports, redirect, trust and end. */
export function ports(config: TraefikConfig): Values {
  const web = webOf(config);
  const websecure = websecureOf(config);
  const redirect = config.redirect ?? "unrouted";
  const redirected = redirect !== "none" && websecure.reachable !== undefined;
  return {
    web: {
      ...port(config, web),
      ...trusted(config.web),
      http: redirected
        ? {
            redirections: {
              // The chart leads to the exposed port of `to`.
              entryPoint: {
                to: "websecure",
                scheme: "https",
                permanent: true,
                priority: redirect === "unrouted" ? LOWEST_PRIORITY : undefined,
              },
            },
          }
        : undefined,
    },
    websecure: {
      ...port(config, websecure),
      ...trusted(config.websecure),
      http: { tls: { enabled: true } },
      // Traefik would tell clients the port that it listens on.
      ...(config.websecure?.http3 === true && {
        http3: { enabled: true, advertisedPort: websecure.reachable },
      }),
    },
    // null takes the chart's default entry point away.
    metrics: config.metrics === undefined || config.metrics === false ? null : undefined,
    ...Object.fromEntries(
      portsOf(config).map(([name, entryPoint]) => [
        name,
        { ...port(config, entryPoint), protocol: config.ports?.[name]?.protocol ?? "TCP" },
      ]),
    ),
  };
}

function port(config: TraefikConfig, { port, exposedPort, nodePort }: EntryPoint): Values {
  const { requestAcceptGraceTimeout, graceTimeOut } = lifeCycleOf(config);
  return {
    port,
    // The scheduler then keeps a second Traefik off the node.
    hostPort: config.hostNetwork === true ? port : undefined,
    expose: { default: true },
    exposedPort,
    nodePort,
    transport: {
      lifeCycle: { requestAcceptGraceTimeout, graceTimeOut },
      keepAliveMaxTime: config.lifeCycle?.keepAliveMaxTime,
    },
  };
}

function trusted(entryPoint: EntryPointConfig | undefined): Values {
  return {
    forwardedHeaders: {
      insecure: false,
      trustedIPs: entryPoint?.forwardedHeaders && [...entryPoint.forwardedHeaders.trustedIPs],
    },
    proxyProtocol: {
      insecure: false,
      trustedIPs: entryPoint?.proxyProtocol && [...entryPoint.proxyProtocol.trustedIPs],
    },
  };
}
