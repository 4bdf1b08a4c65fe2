import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { positive, rule } from "../base/rules/index.ts";
import { metadataOf } from "../base/metadata.ts";
import type { Transform } from "../base/transform.ts";
import { checkAddresses } from "./middlewares/limits.ts";
import { asCustomResource, componentsIn, traefik } from "./resource.ts";
import type { CustomResourceArgs, RoutingObjectArgs } from "./resource.ts";
import type { MiddlewareRef } from "./rule.ts";
import { defined } from "../base/values.ts";

/** Arguments of {@link TcpMiddleware}: exactly one of the two kinds. */
export interface TcpMiddlewareArgs extends RoutingObjectArgs {
  /** Closes connections from other addresses than these: addresses or CIDRs. */
  readonly ipAllowList?: { readonly sourceRange: readonly string[] } | undefined;
  /** Closes connections beyond this many from one address. */
  readonly inFlightConn?: { readonly amount: number } | undefined;
  /** Changes the child resource before it is made. */
  readonly transform?: { readonly middleware?: Transform<CustomResourceArgs> | undefined } | undefined;
}

/**
 * A step that connections go through on their way to an app.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/tcp/middlewares/overview/}.
 */
export class TcpMiddleware extends k8s.apiextensions.CustomResource implements MiddlewareRef {
  /** `metadata.name`. */
  readonly name: string;

  constructor(name: string, args: TcpMiddlewareArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const { ipAllowList, inFlightConn } = args;
    const problems = new Problems(`tcpMiddleware ${objectName}`);
    const one = (ipAllowList === undefined) !== (inFlightConn === undefined);
    problems.unless(one, "kind", undefined, "must be one of: ipAllowList, inFlightConn");
    if (ipAllowList !== undefined)
      checkAddresses("ipAllowList.sourceRange", ipAllowList.sourceRange, problems);
    problems.check("inFlightConn.amount", inFlightConn?.amount, connections);
    problems.throwIfAny();
    super(
      `${name}-middleware`,
      ...asCustomResource(
        "route:TcpMiddleware",
        name,
        traefik("MiddlewareTCP"),
        { metadata: metadataOf(objectName, args), spec: defined({ ipAllowList, inFlightConn }) },
        args.transform?.middleware,
        opts,
        { dependsOn: componentsIn([args.traefik]) },
      ),
    );
    this.name = objectName;
  }
}

const connections = rule<number>("must be a whole number of at least 1", positive.test);
