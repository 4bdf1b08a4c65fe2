import type { types } from "@pulumi/kubernetes";

import type { Problems } from "../base/errors.ts";
import { objectName, rule, size } from "../base/rules/index.ts";

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
  /** From where it may be mounted at the same time. @default ["ReadWriteOnce"] */
  readonly accessModes?: readonly AccessMode[] | undefined;
}

/** The spec of a claim. */
export const claimSpec = ({
  storage,
  storageClassName,
  accessModes = ["ReadWriteOnce"],
}: Claim): types.input.core.v1.PersistentVolumeClaimSpec => ({
  accessModes: [...accessModes],
  ...(storageClassName !== undefined && { storageClassName }),
  resources: { requests: { storage } },
});

/** A claim's `storageClassName`. */
export const storageClass = rule<string>(
  'must be the name of a StorageClass, or "" for none',
  (text) => text === "" || objectName.test(text),
);

const modes = rule<readonly string[]>(
  `must be some of ${SHARED_MODES.join(", ")}, or ReadWriteOncePod alone`,
  (given) =>
    given.includes("ReadWriteOncePod")
      ? given.length === 1
      : given.length > 0 && given.every((mode) => (SHARED_MODES as readonly string[]).includes(mode)),
);

/** Records what is wrong with a claim. */
export function checkClaim(claim: Claim, problems: Problems): void {
  problems.check("storage", claim.storage, size);
  problems.check("storageClassName", claim.storageClassName, storageClass);
  problems.check("accessModes", claim.accessModes, modes);
}
