import type { ObjectRef } from "../../kubernetes/object.ts";

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Whether a provider manages it; the others are components. */
  readonly custom: boolean;
  /** The provider's: `namespace/name` for a Kubernetes object. Missing as long as it is not made. */
  readonly id?: string;
  readonly parent?: string;
  /** URN and id of its provider, joined by `::`. */
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  /** Whether it is to be deleted, once what takes its place is there. */
  readonly delete?: boolean;
  /** Whether it was deleted to be made anew. */
  readonly pendingReplacement?: boolean;
  readonly external?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly initErrors?: readonly string[];
  /** RFC 3339. */
  readonly created?: string;
  readonly modified?: string;
  readonly [more: string]: unknown;
}

/** Name of a resource: the end of its URN. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** Types of the Kubernetes provider that are no objects: its own configuration, releases of Helm, and what groups others. */
const NO_OBJECT = /^kubernetes:(helm\.sh|yaml|kustomize|index)\b/;

/** Whether a resource stands for an object of a cluster, or for some fields of one, which is a patch. */
export const isObject = ({ type, custom }: Pick<StateResource, "type" | "custom">): boolean =>
  custom && type.startsWith("kubernetes:") && !NO_OBJECT.test(type);

/** Whether it stands for some fields of an object that is somebody else's. */
export const isPatch = ({ type }: Pick<StateResource, "type">): boolean =>
  /^kubernetes:[^:]+:\w+Patch$/.test(type);

interface Manifest {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
}

/**
 * The object of a cluster that a resource stands for: by the id it was given, and as long as it has none, by the name it is to
 * have. `undefined` for what is no object, and for one whose name is not known yet.
 */
export function objectOf(resource: StateResource): ObjectRef | undefined {
  if (!isObject(resource)) return undefined;
  const { id, type, inputs = {}, outputs = {} } = resource;
  const wanted: Manifest = inputs;
  const made: Manifest = outputs;
  const [, token = "", kindOfType = ""] = type.split(":");
  const apiVersion =
    text(made.apiVersion) ?? text(wanted.apiVersion) ?? (token.startsWith("core/") ? token.slice(5) : token);
  const kind = text(made.kind) ?? text(wanted.kind) ?? kindOfType.replace(/Patch$/, "");
  const [name, namespace] = id
    ? id.split("/").reverse()
    : [text(wanted.metadata?.name), text(wanted.metadata?.namespace)];
  if (!name) return undefined;
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** What stands for a value that a preview does not know. */
const UNKNOWN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && !UNKNOWN.test(value) ? value : undefined;
