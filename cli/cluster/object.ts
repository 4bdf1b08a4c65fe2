import type { KubernetesObject } from "../../kubernetes/object.ts";

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
export interface KubeObject extends KubernetesObject {
  readonly metadata: ObjectMeta;
}
