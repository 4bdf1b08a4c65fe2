import type { types } from "@pulumi/kubernetes";

import { nameOf, type Ref } from "../base/named.ts";
import { canonicalQuantity } from "../base/quantity.ts";
import type { SourceRef } from "./config-source.ts";

/** A directory the container may write to, empty at the start of each pod. */
export interface Writable {
  /** Absolute path: `/tmp`. */
  readonly path: string;
  /**
   * Where it lies: on the node's disk, or in memory, which counts against the container's memory limit.
   * @default "disk"
   */
  readonly medium?: "disk" | "memory" | undefined;
  /**
   * The pod is evicted when there is more in it.
   * @default "128Mi"
   */
  readonly sizeLimit?: string | undefined;
}

/** What is mounted at a path: exactly one of `configMap`, `secret`, `claim`, `template`, `shared`. */
export interface Mount {
  /** Keys of a ConfigMap as files. */
  readonly configMap?: SourceRef | undefined;
  /** Keys of a Secret as files, kept in memory by the node. */
  readonly secret?: SourceRef | undefined;
  /** A PersistentVolumeClaim, or its name. */
  readonly claim?: Ref | undefined;
  /** Name of one of a StatefulSet's `claims`. */
  readonly template?: string | undefined;
  /** Name of an empty directory that every container of the pod which names it sees. */
  readonly shared?: string | undefined;
  /**
   * Files of a ConfigMap or Secret by key: `{ "site.conf": "default.conf" }`.
   * @default every key, under its own name
   */
  readonly items?: Readonly<Record<string, string>> | undefined;
  /**
   * A single file or directory of the volume to mount at the path. A file mounted so does not follow changes.
   * @default the whole volume
   */
  readonly subPath?: string | undefined;
  /** Whether it cannot be written to. @default true for ConfigMaps and Secrets, else false */
  readonly readOnly?: boolean | undefined;
  /**
   * Whether the pod starts without the ConfigMap or Secret.
   * @default false
   */
  readonly optional?: boolean | undefined;
}

/** Mounts by absolute path. */
export type Mounts = Readonly<Record<string, Mount>>;

export type Volume = types.input.core.v1.Volume & { readonly name: string };
type VolumeMount = types.input.core.v1.VolumeMount;

/** What a container writes to and mounts. */
export interface Mounting {
  readonly writable?: readonly (string | Writable)[] | undefined;
  readonly mounts?: Mounts | undefined;
}

/** What the containers of a pod mount. */
export const mountsOf = ({
  mounts = {},
  initContainers = {},
  sidecars = {},
}: Mounting & {
  readonly initContainers?: Readonly<Record<string, Mounting>> | undefined;
  readonly sidecars?: Readonly<Record<string, Mounting>> | undefined;
}): Mount[] =>
  [{ mounts }, ...Object.values(initContainers), ...Object.values(sidecars)].flatMap((container) =>
    Object.values(container.mounts ?? {}),
  );

/** ConfigMaps and Secrets that are mounted. */
export const mountRefs = (mounts: Mounts = {}): SourceRef[] =>
  Object.values(mounts).flatMap(({ configMap, secret }) =>
    [configMap, secret].filter((ref) => ref !== undefined),
  );

/** The volumes one container needs of its pod, and its mounts. */
export function containerVolumes(
  { writable = [], mounts = {} }: Mounting,
  prefix: string,
): { volumes: Volume[]; volumeMounts: VolumeMount[] } {
  const volumes: Volume[] = [];
  const volumeMounts: VolumeMount[] = [];
  for (const { path, medium, sizeLimit } of writable.map(writableOf)) {
    const name = volumeName(prefix, path);
    const emptyDir = {
      sizeLimit: canonicalQuantity(sizeLimit),
      ...(medium === "memory" && { medium: "Memory" }),
    };
    volumes.push({ name, emptyDir });
    volumeMounts.push({ name, mountPath: path });
  }
  for (const [path, mount] of Object.entries(mounts)) {
    const { template, shared } = mount;
    const name = template ?? (shared === undefined ? volumeName(prefix, path) : `${SHARED}${shared}`);
    const source = volumeSource(mount);
    if (source) volumes.push({ name, ...source });
    const readOnly = mount.readOnly ?? (mount.configMap !== undefined || mount.secret !== undefined);
    volumeMounts.push({ name, mountPath: path, subPath: mount.subPath, ...(readOnly && { readOnly }) });
  }
  return { volumes, volumeMounts };
}

/** A writable directory in full. */
export function writableOf(entry: string | Writable) {
  const full: Writable = typeof entry === "string" ? { path: entry } : entry;
  const { path, medium = "disk", sizeLimit = "128Mi" } = full;
  return { path, medium, sizeLimit };
}

/** What the name of a shared directory's volume begins with. */
export const SHARED = "shared-";

/**
 * Names are made of the path, for a name of a ConfigMap may not be known yet.
 * @param prefix distinguishes a container's volumes from those of the pod's other ones; empty for the main one
 */
export const volumeName = (prefix: string, path: string): string =>
  `${prefix}${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");

function volumeSource({
  configMap,
  secret,
  claim,
  shared,
  items,
  optional,
}: Mount): Omit<Volume, "name"> | undefined {
  const files = items && Object.entries(items).map(([key, path]) => ({ key, path }));
  if (configMap !== undefined) return { configMap: { name: nameOf(configMap), items: files, optional } };
  if (secret !== undefined) return { secret: { secretName: nameOf(secret), items: files, optional } };
  if (claim !== undefined) return { persistentVolumeClaim: { claimName: nameOf(claim) } };
  return shared === undefined ? undefined : { emptyDir: {} };
}
