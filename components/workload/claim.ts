import type { types } from "@pulumi/kubernetes";

import { isDnsName, isQuantity } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";

const SHARED_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"] as const;

/**
 * From where a volume may be mounted at the same time: one node (`ReadWriteOnce`), several (`…Many`), one pod
 * (`ReadWriteOncePod`). Which of them a class can give is its own; most give the first only.
 * Source: {@link https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes}.
 */
export type AccessMode = (typeof SHARED_MODES)[number] | "ReadWriteOncePod";

/** What a volume has to be: a PersistentVolumeClaim's spec. */
export interface Claim {
  /** Size: `10Gi`. Rejected unless more than nothing. */
  readonly storage: string;
  /**
   * StorageClass that makes the volume; `""` for none: a volume that somebody made by hand is waited for.
   * @default the cluster's default class
   */
  readonly storageClassName?: string | undefined;
  /** @default ["ReadWriteOnce"] */
  readonly accessModes?: readonly AccessMode[] | undefined;
}

/**
 * The spec of a claim.
 * @param key where the user wrote it, as `claims.data.`
 */
export function claimSpec(
  { storage, storageClassName, accessModes = ["ReadWriteOnce"] }: Claim,
  key: string,
  problems: Problems,
): types.input.core.v1.PersistentVolumeClaimSpec {
  const isSize = isQuantity(storage) && Number.parseFloat(storage) > 0;
  problems.unless(isSize, `${key}storage`, storage, 'must be a size above zero, as in "10Gi"');
  problems.unless(
    !storageClassName || isDnsName(storageClassName),
    `${key}storageClassName`,
    storageClassName,
    'must be the name of a StorageClass, or "" for none',
  );
  problems.unless(
    areAccessModes(accessModes),
    `${key}accessModes`,
    accessModes,
    `must be some of ${SHARED_MODES.join(", ")}, or ReadWriteOncePod alone`,
  );
  return {
    accessModes: [...accessModes],
    ...(storageClassName !== undefined && { storageClassName }),
    resources: { requests: { storage } },
  };
}

function areAccessModes(modes: readonly string[]): boolean {
  if (modes.includes("ReadWriteOncePod")) return modes.length === 1;
  return modes.length > 0 && modes.every((mode) => (SHARED_MODES as readonly string[]).includes(mode));
}
