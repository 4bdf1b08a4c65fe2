import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { addressOrCidr, rule } from "../base/rules/index.ts";
import { defined } from "../base/values.ts";
import { middlewareRef } from "./ingress-route.ts";
import { anyOf, host } from "./match.ts";
import type { MiddlewareRef } from "./rule.ts";
import { asTransportRoute, checkTransport, transportServices, type TransportRouteArgs } from "./transport.ts";

/** TLS of a TcpRoute: ended by Traefik with a Secret of the same namespace, or passed through to the app. */
export type TcpTls =
  | {
      readonly secretName: pulumi.Input<string>;
      readonly options?: MiddlewareRef | undefined;
      readonly passthrough?: undefined;
    }
  | { readonly passthrough: true };

/** Arguments of {@link TcpRoute}. */
export interface TcpRouteArgs extends TransportRouteArgs {
  /**
   * Server names a client asks for by TLS; `*.example.org` stands for one label. Needs `tls`: a plain connection says no name.
   * @default any connection
   */
  readonly sni?: readonly string[] | undefined;
  /** Addresses or CIDRs, one of which the connection must come from. */
  readonly clientIps?: readonly string[] | undefined;
  /** Which route is asked first. @default the longer rule */
  readonly priority?: number | undefined;
  /** @default plain TCP */
  readonly tls?: TcpTls | undefined;
  /** What connections go through, in this order. */
  readonly middlewares?: readonly MiddlewareRef[] | undefined;
}

/**
 * Leads TCP connections to an app: all of an entry point, or those that ask for a name by TLS.
 *
 * ```ts
 * new TcpRoute("db", {
 *   traefik, entryPoints: ["websecure"],
 *   sni: ["db.example.org"], tls: { passthrough: true }, service: db,
 * });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/crd/tcp/ingressroutetcp/}.
 */
export class TcpRoute extends k8s.apiextensions.CustomResource {
  /** `metadata.name`. */
  readonly name: string;

  constructor(name: string, args: TcpRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const problems = new Problems(`tcpRoute ${objectName}`);
    checkTcpRoute(args, problems);
    problems.throwIfAny();
    super(
      `${name}-route`,
      ...asTransportRoute("TCP", name, args, tcpRouteSpec(args), opts, args.middlewares),
    );
    this.name = objectName;
  }
}

/** The `spec` of an IngressRouteTCP. */
function tcpRouteSpec(args: TcpRouteArgs): object {
  const { sni = ["*"], clientIps = [], priority, tls, middlewares = [] } = args;
  return defined({
    ingressClassName: args.traefik.ingressClass,
    entryPoints: args.entryPoints,
    routes: [
      defined({
        match: [...anyOf("HostSNI", sni), ...anyOf("ClientIP", clientIps)].join(" && "),
        priority,
        middlewares: middlewares.length === 0 ? undefined : middlewares.map(middlewareRef),
        services: transportServices(args, "TCP"),
      }),
    ],
    tls: tls && tlsSpec(tls),
  });
}

const tlsSpec = (tls: TcpTls): object =>
  tls.passthrough === true
    ? { passthrough: true }
    : defined({ secretName: tls.secretName, options: tls.options && middlewareRef(tls.options) });

const serverName = rule<string>(
  "must be a DNS name in lower case, or *",
  (text) => text === "*" || host.test(text),
);

function checkTcpRoute(args: TcpRouteArgs, problems: Problems): void {
  const { sni, tls, clientIps } = args;
  checkTransport(args, "TCP", problems);
  problems.checkEach("sni", sni, serverName);
  problems.unless(sni?.length !== 0, "sni", [], 'must hold at least one name; leave it out for "any"');
  const named = sni !== undefined && !sni.includes("*");
  problems.unless(!named || tls !== undefined, "sni", sni, "needs tls: a plain TCP connection says no name");
  problems.checkEach("clientIps", clientIps, addressOrCidr);
}
