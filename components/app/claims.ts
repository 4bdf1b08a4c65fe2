import type { Problems } from "../base/errors.ts";
import { isComponent, type Ref } from "../base/named.ts";
import { dnsLabel } from "../base/rules/index.ts";
import { checkClaim, type Claim } from "../workload/claim.ts";
import { type Mounting, mountsOf } from "../workload/volumes.ts";
import type { AppSpec } from "./spec.ts";

/** A volume of an app's own, which all its pods share. */
export interface AppClaim extends Claim {
  /**
   * What becomes of the volume when the app is removed, or this claim is. `Retain` leaves it in the namespace, and only as long as
   * that is there; `slipway recover` gives it back to an app that asks for it again.
   * @default "Delete"
   */
  readonly whenDeleted?: "Delete" | "Retain" | undefined;
}

/** Name of an app's claim. */
export const claimName = (app: string, claim: string): string => `${app}-${claim}`;

/** The mounts of an app's containers with what stands for the names of its own claims. */
export function withClaims<T extends Pick<AppSpec, "mounts" | "initContainers" | "sidecars">>(
  spec: T,
  claims: Readonly<Record<string, Ref>>,
): T {
  const own = (claim: Ref): Ref =>
    typeof claim === "string" && Object.hasOwn(claims, claim) ? (claims[claim] as Ref) : claim;
  const container = <C extends Mounting>(given: C): C =>
    given.mounts === undefined
      ? given
      : {
          ...given,
          mounts: mapped(given.mounts, (mount) =>
            mount.claim === undefined ? mount : { ...mount, claim: own(mount.claim) },
          ),
        };
  return {
    ...container(spec),
    ...(spec.initContainers && { initContainers: mapped(spec.initContainers, container) }),
    ...(spec.sidecars && { sidecars: mapped(spec.sidecars, container) }),
  };
}

const mapped = <T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

/** Records what is wrong with an app's claims. */
export function checkClaims(spec: AppSpec, problems: Problems): void {
  const { claims = {}, workload, strategy } = spec;
  const mounted = mountsOf(spec).flatMap(({ claim }) =>
    claim === undefined || isComponent(claim) ? [] : [claim],
  );
  for (const [name, claim] of Object.entries(claims)) {
    problems.at("claims").checkName(name, dnsLabel);
    checkClaim(claim, problems.at("claims", name));
    problems.unless(mounted.includes(name), `claims.${name}`, undefined, "no container mounts it");
    const alone = claim.accessModes?.includes("ReadWriteOncePod") === true;
    const overlaps = (workload?.kind ?? "deployment") === "deployment" && strategy !== "recreate";
    problems.unless(
      !(alone && overlaps),
      `claims.${name}.accessModes`,
      claim.accessModes,
      'needs the strategy "recreate": a new pod would wait for ever for the volume of the old one',
    );
  }
}
