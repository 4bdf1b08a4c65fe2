/**
 * Name under which Traefik knows a middleware, TraefikService or other object of its own kinds, for the annotations of
 * an Ingress: `traefik.ingress.kubernetes.io/router.middlewares: <namespace>_<name>@kubernetescrd`.
 * The underscore is that of `safeNaming`, which every {@link Traefik} here has on; guides without it write a `-`.
 */
export const crdReference = (namespace: string, name: string): string => `${namespace}_${name}@kubernetescrd`;
