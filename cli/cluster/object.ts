/** Which object of a cluster: what the API server knows it by. */
export interface ObjectRef {
  /** Group and version: `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** `undefined` for what belongs to no namespace. */
  readonly namespace?: string | undefined;
}

/** Who set which fields of an object, as server-side apply keeps it. */
export interface ManagedFields {
  readonly manager: string;
  /** `Apply` for server-side apply, `Update` for everything else. */
  readonly operation: "Apply" | "Update";
  readonly subresource?: string;
  readonly time?: string;
  /** Paths: keys `f:spec`, `k:{"name":"web"}`, `v:"x"`, and `.` for the value itself. */
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  /** RFC 3339. */
  readonly creationTimestamp: string;
  /** Set once the object is to go: it waits for its finalizers, or its pods' end. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly managedFields?: readonly ManagedFields[];
}

/** An object as the API server gives it: JSON, no field dropped or converted. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** API group of an `apiVersion`; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** What an object is the same by, whichever version of its API it is read with. */
export const objectKey = ({ apiVersion, kind, name, namespace }: ObjectRef): string =>
  [groupOf(apiVersion), kind, namespace ?? "", name].join("/");

/** The reference of an object. */
export const refOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef => ({
  apiVersion,
  kind,
  name,
  ...(namespace !== undefined && { namespace }),
});

/** An object in Kubernetes' words: `Deployment api/api`, `IngressClass slipway-dev`. */
export const describeRef = ({ kind, name, namespace }: ObjectRef): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
