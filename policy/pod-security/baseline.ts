import type { Check } from "./check.ts";
import { containersOf, type Container, type Handler, type PodSpec, type SecurityContext } from "./pod.ts";

/** The context of the pod and of each container, with the words for whose it is. */
export const contextsOf = (spec: PodSpec): readonly (readonly [of: string, SecurityContext])[] => [
  ["pod", spec.securityContext ?? {}],
  ...containersOf(spec).map(
    (container) => [`container ${container.name}`, container.securityContext ?? {}] as const,
  ),
];

/** A sentence for each container with something forbidden. */
const eachContainer = (
  spec: PodSpec,
  forbidden: (container: Container) => readonly string[],
  say: (what: string) => string,
): readonly string[] =>
  containersOf(spec).flatMap((container) => {
    const found = forbidden(container);
    return found.length === 0 ? [] : [`container ${container.name} ${say(found.join(", "))}`];
  });

/** A pod with user IDs of its own is root nowhere but inside. */
export const hasOwnUsers = ({ hostUsers }: PodSpec): boolean => hostUsers === false;

const CAPABILITIES: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

const SELINUX_TYPES: readonly string[] = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];

const SYSCTLS: readonly string[] = [
  "kernel.shm_rmid_forced",
  ...[
    "ip_local_port_range",
    "tcp_syncookies",
    "ping_group_range",
    "ip_unprivileged_port_start",
    "ip_local_reserved_ports",
    "tcp_keepalive_time",
    "tcp_fin_timeout",
    "tcp_keepalive_intvl",
    "tcp_keepalive_probes",
    "tcp_rmem",
    "tcp_wmem",
  ].map((name) => `net.ipv4.${name}`),
];

const PROFILES: readonly string[] = ["RuntimeDefault", "Localhost"];

/** Before there was a field, AppArmor's profile was said by an annotation for each container. */
const APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

const hosts = (handlers: readonly (Handler | null | undefined)[]): readonly string[] =>
  handlers.flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => host || []),
  );

/** `procMount`, which both levels look at and from version 1.35 not alike. */
export const procMounts = (spec: PodSpec): readonly string[] =>
  eachContainer(
    spec,
    ({ securityContext }) => [securityContext?.procMount ?? "Default"].filter((type) => type !== "Default"),
    (type) => `must not set securityContext.procMount=${type}`,
  );

/** What no pod may do that is not trusted like the node itself: the standard's level Baseline. */
export const baselineChecks: Readonly<Record<string, Check>> = {
  appArmorProfile: ({ metadata, spec }) => [
    ...contextsOf(spec).flatMap(([of, { appArmorProfile }]) =>
      appArmorProfile == null || PROFILES.includes(appArmorProfile.type ?? "")
        ? []
        : [`${of} must not set securityContext.appArmorProfile.type=${appArmorProfile.type ?? '""'}`],
    ),
    ...Object.entries(metadata?.annotations ?? {}).flatMap(([key, value]) =>
      !key.startsWith(APP_ARMOR_ANNOTATION) || /^($|runtime\/default$|localhost\/)/.test(value)
        ? []
        : [`annotation ${key} must not be ${value}`],
    ),
  ],
  capabilities_baseline: ({ spec }) =>
    eachContainer(
      spec,
      ({ securityContext }) =>
        (securityContext?.capabilities?.add ?? []).filter((name) => !CAPABILITIES.includes(name)),
      (names) => `must not add the capabilities ${names}`,
    ),
  hostNamespaces: ({ spec }) =>
    (["hostNetwork", "hostPID", "hostIPC"] as const)
      .filter((key) => spec[key] === true)
      .map((key) => `pod must not set ${key}=true`),
  hostPathVolumes: ({ spec }) =>
    (spec.volumes ?? [])
      .filter(({ hostPath }) => hostPath != null)
      .map(({ name }) => `volume ${name} must not be a hostPath`),
  hostPorts: ({ spec }) =>
    eachContainer(
      spec,
      ({ ports }) => (ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : [])),
      (numbers) => `must not use the node's ports: ${numbers}`,
    ),
  hostProbesAndHostLifecycle: ({ spec }) =>
    eachContainer(
      spec,
      ({ livenessProbe, readinessProbe, startupProbe, lifecycle }) =>
        hosts([livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]),
      (names) => `must not name a host in its probes and lifecycle hooks: ${names}`,
    ),
  privileged: ({ spec }) =>
    eachContainer(
      spec,
      ({ securityContext }) => (securityContext?.privileged === true ? ["privileged"] : []),
      () => "must not set securityContext.privileged=true",
    ),
  procMount: ({ spec }) => (hasOwnUsers(spec) ? [] : procMounts(spec)),
  seLinuxOptions: ({ spec }) =>
    contextsOf(spec).flatMap(([of, { seLinuxOptions }]) => {
      const { type, user, role } = seLinuxOptions ?? {};
      const bad = [
        ...(SELINUX_TYPES.includes(type ?? "") ? [] : [`type=${type ?? ""}`]),
        ...(user ? [`user=${user}`] : []),
        ...(role ? [`role=${role}`] : []),
      ];
      return bad.length === 0 ? [] : [`${of} must not set securityContext.seLinuxOptions: ${bad.join(", ")}`];
    }),
  seccompProfile_baseline: ({ spec }) => badSeccomp(spec),
  sysctls: ({ spec }) =>
    (spec.securityContext?.sysctls ?? [])
      .filter(({ name }) => !SYSCTLS.includes(name))
      .map(({ name }) => `pod must not set the sysctl ${name}`),
  windowsHostProcess: ({ spec }) =>
    contextsOf(spec)
      .filter(([, { windowsOptions }]) => windowsOptions?.hostProcess === true)
      .map(([of]) => `${of} must not set securityContext.windowsOptions.hostProcess=true`),
};

/** Whoever sets a seccomp profile that is none. */
export function badSeccomp(spec: PodSpec): readonly string[] {
  return contextsOf(spec).flatMap(([of, { seccompProfile }]) =>
    seccompProfile == null || PROFILES.includes(seccompProfile.type ?? "")
      ? []
      : [`${of} must not set securityContext.seccompProfile.type=${seccompProfile.type ?? '""'}`],
  );
}
