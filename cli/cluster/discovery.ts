/** A kind that the API server serves. */
export interface ApiResource {
  /** Group and version: `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Name in URLs, and of kubectl: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Whether it is of the group's version that the server prefers. */
  readonly preferred: boolean;
}

/**
 * What the API server answers at `/api` and `/apis` to a client that asks for all at once.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery | Aggregated discovery}.
 */
export interface GroupDiscoveryList {
  readonly kind: string;
  readonly items?: readonly {
    /** The group's name; the core group has none. */
    readonly metadata?: { readonly name?: string };
    /** The preferred one first. */
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: "Cluster" | "Namespaced";
        readonly verbs: readonly string[];
        readonly responseKind?: { readonly kind?: string };
      }[];
    }[];
  }[];
}

/** Media type of the answer, in the versions that servers since 1.26 know. */
export const DISCOVERY_TYPE = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

/** The kinds of a discovery, in the server's order. */
export const apiResources = (list: GroupDiscoveryList): ApiResource[] =>
  (list.items ?? []).flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }, index) =>
      resources.map(({ resource, scope, verbs, responseKind }) => ({
        apiVersion: metadata?.name ? `${metadata.name}/${version}` : version,
        kind: responseKind?.kind ?? "",
        plural: resource,
        namespaced: scope === "Namespaced",
        verbs,
        preferred: index === 0,
      })),
    ),
  );

/** Path of a kind's collection, in one namespace or in all, or of one object. */
export function resourcePath(
  { apiVersion, plural, namespaced }: Pick<ApiResource, "apiVersion" | "plural" | "namespaced">,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name?: string | undefined } = {},
): string {
  const parts = [
    apiVersion.includes("/") ? "apis" : "api",
    ...apiVersion.split("/"),
    ...(namespaced && namespace !== undefined ? ["namespaces", namespace] : []),
    plural,
    ...(name === undefined ? [] : [name]),
  ];
  return `/${parts.map(encodeURIComponent).join("/")}`;
}
