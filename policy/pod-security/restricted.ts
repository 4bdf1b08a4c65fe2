import { badSeccomp, contextsOf, hasOwnUsers, procMounts } from "./baseline.ts";
import type { Check } from "./check.ts";
import { containersOf, type PodSpec } from "./pod.ts";

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Linux's means of confinement; pods for Windows have none of them. */
const isWindows = ({ os }: PodSpec): boolean => os?.name === "windows";

/** What is known to be good practice, at the price of some compatibility: the standard's level Restricted. */
export const restrictedChecks: Readonly<Record<string, Check>> = {
  allowPrivilegeEscalation: ({ spec }) =>
    isWindows(spec)
      ? []
      : containersOf(spec)
          .filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false)
          .map(({ name }) => `container ${name} must set securityContext.allowPrivilegeEscalation=false`),
  capabilities_restricted: ({ spec }) =>
    isWindows(spec)
      ? []
      : containersOf(spec).flatMap(({ name, securityContext }) => {
          const { add, drop } = securityContext?.capabilities ?? {};
          const added = (add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
          return [
            ...((drop ?? []).includes("ALL")
              ? []
              : [`container ${name} must set securityContext.capabilities.drop=["ALL"]`]),
            ...(added.length === 0
              ? []
              : [`container ${name} must not add the capabilities ${added.join(", ")}`]),
          ];
        }),
  procMount_restricted: ({ spec }) => procMounts(spec),
  restrictedVolumes: ({ spec }) =>
    (spec.volumes ?? [])
      .filter((volume) => !VOLUMES.some((type) => volume[type] != null))
      .map((volume) => `volume ${volume.name} must not be of type ${typeOf(volume) ?? "unknown"}`),
  runAsNonRoot: ({ spec }) => {
    if (hasOwnUsers(spec)) return [];
    const contexts = contextsOf(spec);
    const explicit = contexts
      .filter(([, { runAsNonRoot }]) => runAsNonRoot === false)
      .map(([of]) => `${of} must not set securityContext.runAsNonRoot=false`);
    if (explicit.length > 0 || spec.securityContext?.runAsNonRoot === true) return explicit;
    return contexts
      .slice(1)
      .filter(([, { runAsNonRoot }]) => runAsNonRoot == null)
      .map(([of]) => `pod or ${of} must set securityContext.runAsNonRoot=true`);
  },
  runAsUser: ({ spec }) =>
    hasOwnUsers(spec)
      ? []
      : contextsOf(spec)
          .filter(([, { runAsUser }]) => runAsUser === 0)
          .map(([of]) => `${of} must not set securityContext.runAsUser=0`),
  seccompProfile_restricted: ({ spec }) => {
    if (isWindows(spec)) return [];
    const bad = badSeccomp(spec);
    if (bad.length > 0 || spec.securityContext?.seccompProfile != null) return bad;
    return contextsOf(spec)
      .slice(1)
      .filter(([, { seccompProfile }]) => seccompProfile == null)
      .map(
        ([of]) => `pod or ${of} must set securityContext.seccompProfile.type to RuntimeDefault or Localhost`,
      );
  },
};

const typeOf = (volume: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(volume).find((key) => key !== "name" && volume[key] != null);
