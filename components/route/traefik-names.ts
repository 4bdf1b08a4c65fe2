import * as pulumi from "@pulumi/pulumi";

/**
 * Name under which Traefik knows a middleware, TLSOption or other object of its own kinds, for the annotations of an
 * Ingress: `traefik.ingress.kubernetes.io/router.middlewares: <namespace>_<name>@kubernetescrd`.
 * The underscore is that of `safeNaming`, which every Traefik of this library has on; guides without it write a `-`.
 */
export const crdReference = (
  namespace: pulumi.Input<string>,
  name: pulumi.Input<string>,
): pulumi.Output<string> => pulumi.interpolate`${namespace}_${name}@kubernetescrd`;

/**
 * IngressClass under which the Traefik of a stack's IngressClass reads Ingresses with ingress-nginx annotations: a class
 * belongs to one controller, and to Traefik that provider is another.
 */
export const nginxClass = (ingressClass: string): string => `${ingressClass}-nginx`;
