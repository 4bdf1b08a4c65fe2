import { groupOf, type KubernetesObject } from "../../../kubernetes/object.ts";
import { base64 } from "../../../components/base/values.ts";
import type { Pair } from "./program.ts";
import { CLASS, type EntryPoints, NGINX_CONTROLLER } from "./traefik.ts";

/** Name of what the stack names and does not make: a Service, Secrets, a ServersTransport. */
export const ELSEWHERE = "elsewhere";

type Metadata = KubernetesObject["metadata"];
type Fields = Record<string, unknown>;

/** Kinds that Traefik reads. */
const READ = ["Service", "EndpointSlice", "Secret", "Ingress", "GatewayClass"];

/** Groups that Traefik reads. */
const READ_GROUPS = ["traefik.io", "gateway.networking.k8s.io"];

/** The objects that Traefik reads, in a namespace of their own and of the class of the tests' Traefik. */
export function servedObjects(
  objects: readonly KubernetesObject[],
  suffix: string,
  entryPoints: EntryPoints,
): KubernetesObject[] {
  return objects
    .filter(({ apiVersion, kind }) => READ.includes(kind) || READ_GROUPS.includes(groupOf(apiVersion)))
    .map((object) => {
      const { namespace } = object.metadata;
      const metadata = namespace === undefined ? object.metadata : moved(object.metadata, namespace, suffix);
      const spec = JSON.stringify(object["spec"] === undefined ? {} : served(object, entryPoints)).replaceAll(
        `"namespace":"${namespace ?? ""}"`,
        `"namespace":"${metadata.namespace ?? ""}"`,
      );
      return {
        ...object,
        metadata,
        ...(object["spec"] !== undefined && { spec: JSON.parse(spec) as Fields }),
      };
    });
}

/** Metadata in a namespace of its own, with the middlewares that an Ingress names there. */
function moved(metadata: Metadata, namespace: string, suffix: string): Metadata {
  const annotations = Object.entries(metadata.annotations ?? {}).map(([key, value]) => [
    key,
    key.endsWith("/router.middlewares")
      ? value.replaceAll(`${namespace}_`, `${namespace}-${suffix}_`)
      : value,
  ]);
  return {
    ...metadata,
    namespace: `${namespace}-${suffix}`,
    annotations: Object.fromEntries(annotations) as Metadata["annotations"],
  };
}

/** A spec of the tests' class, without what the cluster has once: node ports and load balancers. */
function served({ kind, ...object }: KubernetesObject, entryPoints: EntryPoints): Fields {
  const spec = object["spec"] as Fields;
  const className = spec["ingressClassName"];
  if (typeof className === "string")
    return { ...spec, ingressClassName: className.endsWith("-nginx") ? `${CLASS}-nginx` : CLASS };
  if (kind === "Gateway") {
    const listeners = (spec["listeners"] as Fields[]).map((listener) => ({
      ...listener,
      port: listener["name"] === "websecure" ? entryPoints.websecure : entryPoints.web,
    }));
    return { ...spec, listeners };
  }
  if (kind !== "Service" || spec["type"] === "ExternalName") return spec;
  const { clusterIP, selector } = spec;
  const ports = (spec["ports"] as Fields[]).map(({ nodePort: _, ...port }) => port);
  return { ports, selector, ...(clusterIP === "None" && { clusterIP }) };
}

/** The endpoints of Services that have pods, which a controller would make. */
export const slicesOf = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  objects
    .filter((object) => object.kind === "Service" && (object["spec"] as Fields)["selector"] !== undefined)
    .map(({ metadata: { name, namespace }, ...object }) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-pods`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.10"], conditions: { ready: true } }],
      ports: ((object["spec"] as Fields)["ports"] as Fields[]).map(({ name: port, protocol }) => ({
        name: port,
        protocol,
        port: 8080,
      })),
    }));

/** How many routers Traefik makes of an object at the least. */
export function routersOf({ kind, ...object }: KubernetesObject): number {
  if (kind === "IngressRoute") return ((object["spec"] as Fields)["routes"] as unknown[]).length;
  return kind === "Ingress" || kind === "HTTPRoute" ? 1 : 0;
}

/** Whether an object leads to others, which have to be there before. */
export const isRoute = ({ kind }: KubernetesObject): boolean =>
  ["IngressRoute", "Ingress", "HTTPRoute"].includes(kind);

/** The classes, which a chart would make. */
export const classes: readonly KubernetesObject[] = [
  [CLASS, "traefik.io/ingress-controller"],
  [`${CLASS}-nginx`, NGINX_CONTROLLER],
].map(([name = "", controller]) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: { name },
  spec: { controller },
}));

/** A route and its Service, by which one sees that Traefik has looked at everything again: it does when anything changes. */
export const markerOf = (namespace: string, name = "marker"): readonly KubernetesObject[] => [
  { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { ports: [{ port: 80 }] } },
  {
    apiVersion: "traefik.io/v1alpha1",
    kind: "IngressRoute",
    metadata: { name, namespace },
    spec: {
      ingressClassName: CLASS,
      routes: [
        {
          kind: "Rule",
          match: "PathPrefix(`/`)",
          services: [{ kind: "TraefikService", name: "noop@internal" }],
        },
      ],
    },
  },
];

/** What a stack may name in its namespace and not make. */
export function elsewhere(namespace: string, { certificate, key }: Pair): readonly KubernetesObject[] {
  const metadata = { name: ELSEWHERE, namespace };
  const traefik = (kind: string, spec: object): KubernetesObject => ({
    apiVersion: "traefik.io/v1alpha1",
    kind,
    metadata,
    spec,
  });
  const data = { "tls.crt": certificate, "tls.key": key, "tls.ca": certificate, "ca.crt": certificate };
  const digests = `anna:traefik:${"0".repeat(32)}`;
  const users = "anna:$2y$05$abcdefghijklmnopqrstuuWvQxyVnmE9YGGpVYoeMYg3yFJE4Nwz2";
  return [
    { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ name: "http", port: 80 }] } },
    secret(metadata, data),
    secret({ name: `${ELSEWHERE}-users`, namespace }, { users }),
    secret({ name: `${ELSEWHERE}-digests`, namespace }, { digests }),
    traefik("ServersTransport", { insecureSkipVerify: true }),
    traefik("TraefikService", { weighted: { services: [{ name: ELSEWHERE, port: 80 }] } }),
  ];
}

/** The Secret that cert-manager makes for a Certificate; any other object as it is. */
export function issued(object: KubernetesObject, { certificate, key }: Pair): KubernetesObject {
  if (object.kind !== "Certificate" || groupOf(object.apiVersion) !== "cert-manager.io") return object;
  const { secretName } = object["spec"] as { secretName: string };
  const metadata = { name: secretName, namespace: object.metadata.namespace };
  return secret(metadata, { "tls.crt": certificate, "tls.key": key });
}

const secret = (
  metadata: KubernetesObject["metadata"],
  data: Readonly<Record<string, string>>,
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata,
  data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, base64(text)])),
});
