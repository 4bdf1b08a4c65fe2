/** A Kubernetes object, as YAML and JSON have it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | null | undefined;
    readonly annotations?: Readonly<Record<string, string>> | null | undefined;
  };
  readonly [field: string]: unknown;
}

/** Which object of a cluster: what the API server knows it by. */
export interface ObjectRef {
  /** Group and version: `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** `undefined` for what belongs to no namespace. */
  readonly namespace?: string | undefined;
}

/** The reference of an object. */
export const refOf = ({
  apiVersion,
  kind,
  metadata: { name, namespace },
}: Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">): ObjectRef => ({
  apiVersion,
  kind,
  name,
  ...(namespace !== undefined && { namespace }),
});

/** API group of an `apiVersion`; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** What an object is the same by, whichever version of its API it is read with. */
export const objectKey = ({ apiVersion, kind, name, namespace }: ObjectRef): string =>
  [groupOf(apiVersion), kind, namespace ?? "", name].join("/");

/** An object in Kubernetes' words: `Deployment api/api`, `IngressClass slipway-dev`. */
export const describeRef = ({
  kind,
  name,
  namespace = "",
}: Pick<ObjectRef, "kind" | "name" | "namespace">): string =>
  `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
