import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import type { StringMap } from "../base/labels.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { nameOf } from "../base/named.ts";
import type { Transform } from "../base/transform.ts";
import type { GatewayRef } from "./http-route.ts";
import { host } from "./match.ts";
import { asCustomResource, componentsIn } from "./resource.ts";
import { address, objectName as objectNameRule, port as portRule, rule } from "../base/rules/index.ts";
import type { CustomResourceArgs, RoutingObjectArgs } from "./resource.ts";
import { defined } from "../base/values.ts";

/** A port of a Gateway, and what it accepts there. */
export interface Listener {
  /**
   * Port that Traefik itself listens on, which is not the Service's.
   * @default that of the entry point with the listener's name, where `traefik` is a component
   */
  readonly port?: number | undefined;
  /** @default "HTTPS" with `tls`, else "HTTP" */
  readonly protocol?: "HTTP" | "HTTPS" | "TLS" | undefined;
  /** Host it accepts; `*.example.org` for those below. @default any */
  readonly hostname?: string | undefined;
  /** Certificate: a Secret of the Gateway's namespace, or passed on to the app (protocol TLS). */
  readonly tls?: { readonly secretName: pulumi.Input<string> } | { readonly passthrough: true } | undefined;
  /** Namespaces whose routes may join: the Gateway's own, all, or those with these labels. @default "Same" */
  readonly allowedRoutes?: "Same" | "All" | { readonly labels: StringMap } | undefined;
}

/** Arguments of {@link Gateway}. */
export interface GatewayArgs extends RoutingObjectArgs {
  /** Listeners by name; HTTPRoutes join them by it. */
  readonly listeners: Readonly<Record<string, Listener>>;
  /** Changes the child resource before it is made. */
  readonly transform?: { readonly gateway?: Transform<CustomResourceArgs> | undefined } | undefined;
}

/**
 * Where HTTPRoutes join in, for a Traefik with the kubernetesGateway provider and a cluster with Gateway API's CRDs.
 *
 * ```ts
 * const gateway = new Gateway("gateway", {
 *   traefik, namespace, listeners: { web: {}, websecure: { tls: certificate } },
 * });
 * new Route("shop", { kind: "httpRoute", gateway, … });
 * ```
 *
 * Source: {@link https://gateway-api.sigs.k8s.io/api-types/gateway/}.
 */
export class Gateway extends k8s.apiextensions.CustomResource implements GatewayRef {
  /** `metadata.name`. */
  readonly name: string;
  readonly namespace: pulumi.Input<string>;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const problems = new Problems(`gateway ${objectName}`);
    problems.check("name", objectName, objectNameRule);
    checkGateway(args, problems);
    problems.throwIfAny();
    super(
      `${name}-gateway`,
      ...asCustomResource(
        "route:Gateway",
        name,
        { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway" },
        {
          metadata: metadataOf(objectName, args),
          spec: {
            gatewayClassName: args.traefik.gatewayClass ?? "",
            listeners: listenersOf(args).map(listenerSpec),
          },
        },
        args.transform?.gateway,
        opts,
        { dependsOn: componentsIn([args.traefik]) },
      ),
    );
    this.name = objectName;
    this.namespace = nameOf(args.namespace);
  }
}

/** The listeners by name, each with its port where that is known. */
const listenersOf = ({ listeners, traefik }: GatewayArgs): [string, Listener][] =>
  Object.entries(listeners).map(([name, listener]) => [
    name,
    { ...listener, port: listener.port ?? traefik.entryPoints?.[name]?.port },
  ]);

function listenerSpec([name, listener]: [string, Listener]): object {
  const {
    port,
    hostname,
    tls,
    protocol = tls === undefined ? "HTTP" : "HTTPS",
    allowedRoutes = "Same",
  } = listener;
  return defined({
    name,
    port,
    protocol,
    hostname,
    tls:
      tls &&
      ("passthrough" in tls
        ? { mode: "Passthrough" }
        : { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: tls.secretName }] }),
    allowedRoutes: {
      namespaces:
        typeof allowedRoutes === "string"
          ? { from: allowedRoutes }
          : { from: "Selector", selector: { matchLabels: allowedRoutes.labels } },
    },
  });
}

/** Host of a listener. */
const listenerHost = rule<string>(
  "must be a DNS name in lower case",
  (text) => host.test(text) && !address.test(text),
);

function checkGateway(args: GatewayArgs, problems: Problems): void {
  const { traefik, listeners } = args;
  checkMetadata(args, problems);
  problems.unless(
    traefik.gatewayClass !== undefined,
    "traefik.gatewayClass",
    undefined,
    "is required: a Traefik has one when its provider kubernetesGateway is on",
  );
  const some = Object.keys(listeners).length > 0;
  problems.unless(some, "listeners", undefined, "must hold at least one listener");
  for (const [name, listener] of listenersOf(args)) {
    problems.at("listeners").checkName(name, objectNameRule);
    checkListener(listener, problems.at("listeners", name));
  }
}

function checkListener({ port, protocol, hostname, tls }: Listener, problems: Problems): void {
  problems.check("port", port ?? 0, portRule);
  problems.check("hostname", hostname, listenerHost);
  const needsTls = protocol === "HTTPS" || protocol === "TLS";
  problems.unless(!needsTls || tls !== undefined, "tls", undefined, `is required for ${protocol ?? ""}`);
  problems.unless(protocol !== "HTTP" || tls === undefined, "protocol", protocol, "cannot have tls");
  if (tls !== undefined && "passthrough" in tls) {
    problems.unless(protocol === "TLS", "tls.passthrough", true, 'needs protocol "TLS"');
  }
}
