import type { types } from "@pulumi/kubernetes";

import { isDnsLabel, isQuantity } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";
import { nameOf, type Ref } from "../base/named.ts";
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

const KINDS = ["configMap", "secret", "claim", "template", "shared"] as const;

export type Volume = types.input.core.v1.Volume & { readonly name: string };
type VolumeMount = types.input.core.v1.VolumeMount;

interface Mounting {
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

/**
 * The volumes one container needs of its pod, and its mounts.
 * @param prefix distinguishes its volumes from those of the pod's other containers; empty for the main one
 * @param templates names of the claims a StatefulSet makes, which are volumes already
 */
export function containerVolumes(
  { writable = [], mounts = {} }: { writable?: readonly (string | Writable)[]; mounts?: Mounts },
  { prefix, templates, key }: { prefix: string; templates: readonly string[]; key: string },
  problems: Problems,
): { volumes: Volume[]; volumeMounts: VolumeMount[] } {
  const volumes: Volume[] = [];
  const volumeMounts: VolumeMount[] = [];
  const paths = new Set<string>();
  const claimPath = (path: string, at: string) => {
    problems.unless(/^\/[^:]+$/.test(path), at, path, "must be an absolute path, not / itself");
    problems.unless(!paths.has(path), at, path, "is mounted already");
    paths.add(path);
  };

  for (const entry of writable) {
    const {
      path,
      medium = "disk",
      sizeLimit = "128Mi",
    }: Writable = typeof entry === "string" ? { path: entry } : entry;
    claimPath(path, `${key}writable`);
    problems.unless(
      isQuantity(sizeLimit),
      `${key}writable ${path}`,
      sizeLimit,
      'must be a quantity, as in "64Mi"',
    );
    const name = volumeName(prefix, path);
    volumes.push({ name, emptyDir: { sizeLimit, ...(medium === "memory" && { medium: "Memory" }) } });
    volumeMounts.push({ name, mountPath: path });
  }

  for (const [path, mount] of Object.entries(mounts)) {
    const at = `${key}mounts.${path}`;
    claimPath(path, at);
    const given = KINDS.filter((kind) => mount[kind] !== undefined);
    problems.unless(given.length === 1, at, given, `must have exactly one of ${KINDS.join(", ")}`);
    if (mount.template !== undefined && !templates.includes(mount.template)) {
      problems.add(
        `${at}.template`,
        mount.template,
        `must be one of the claims: ${templates.join(", ") || "none"}`,
      );
    }
    if (mount.shared !== undefined) {
      problems.unless(isDnsLabel(mount.shared), `${at}.shared`, mount.shared, "must be a DNS label");
    }
    const name =
      mount.template ?? (mount.shared === undefined ? volumeName(prefix, path) : `shared-${mount.shared}`);
    const source = volumeSource(mount);
    if (source) volumes.push({ name, ...source });
    const readOnly = mount.readOnly ?? (mount.configMap !== undefined || mount.secret !== undefined);
    volumeMounts.push({ name, mountPath: path, subPath: mount.subPath, ...(readOnly && { readOnly }) });
  }
  return { volumes, volumeMounts };
}

/** Names are made of the path, for a name of a ConfigMap may not be known yet. */
const volumeName = (prefix: string, path: string): string =>
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
