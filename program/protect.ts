import type * as pulumi from "@pulumi/pulumi";

/**
 * Keeps Pulumi from deleting namespaces, with which everything in them goes: `pulumi destroy` is refused before it deletes anything,
 * and `slipway expire` leaves the stack alone. Apps, routes and certificates may come and go.
 */
export const protectNamespaces: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type === "kubernetes:core/v1:Namespace" ? { props, opts: { ...opts, protect: true } } : undefined;
