/** What YAML and JSON leave out or say as null is the same to Kubernetes. */
type Maybe<T> = T | null | undefined;

/** `securityContext` of a container, and what a pod's has in common with it. */
export interface SecurityContext {
  readonly allowPrivilegeEscalation?: Maybe<boolean>;
  readonly appArmorProfile?: Maybe<{ readonly type?: Maybe<string> }>;
  readonly capabilities?: Maybe<{
    readonly add?: Maybe<readonly string[]>;
    readonly drop?: Maybe<readonly string[]>;
  }>;
  readonly privileged?: Maybe<boolean>;
  readonly procMount?: Maybe<string>;
  readonly readOnlyRootFilesystem?: Maybe<boolean>;
  readonly runAsNonRoot?: Maybe<boolean>;
  readonly runAsUser?: Maybe<number>;
  readonly seLinuxOptions?: Maybe<{
    readonly role?: Maybe<string>;
    readonly type?: Maybe<string>;
    readonly user?: Maybe<string>;
  }>;
  readonly seccompProfile?: Maybe<{ readonly type?: Maybe<string> }>;
  readonly windowsOptions?: Maybe<{ readonly hostProcess?: Maybe<boolean> }>;
}

export interface PodSecurityContext extends SecurityContext {
  readonly sysctls?: Maybe<readonly { readonly name: string }[]>;
}

/** A probe, or a hook of a container's life: what may name a host. */
export interface Handler {
  readonly httpGet?: Maybe<{ readonly host?: Maybe<string> }>;
  readonly tcpSocket?: Maybe<{ readonly host?: Maybe<string> }>;
}

export interface Container {
  readonly name: string;
  readonly image?: Maybe<string>;
  readonly lifecycle?: Maybe<{ readonly postStart?: Maybe<Handler>; readonly preStop?: Maybe<Handler> }>;
  readonly livenessProbe?: Maybe<Handler>;
  readonly ports?: Maybe<readonly { readonly hostPort?: Maybe<number> }[]>;
  readonly readinessProbe?: Maybe<Handler>;
  readonly resources?: Maybe<{
    readonly limits?: Maybe<Readonly<Record<string, unknown>>>;
    readonly requests?: Maybe<Readonly<Record<string, unknown>>>;
  }>;
  readonly securityContext?: Maybe<SecurityContext>;
  readonly startupProbe?: Maybe<Handler>;
}

/** A volume: its name, and one more key that says of which type it is. */
export interface Volume {
  readonly name: string;
  readonly [type: string]: unknown;
}

export interface PodSpec {
  readonly automountServiceAccountToken?: Maybe<boolean>;
  readonly containers: readonly Container[];
  readonly ephemeralContainers?: Maybe<readonly Container[]>;
  readonly hostIPC?: Maybe<boolean>;
  readonly hostNetwork?: Maybe<boolean>;
  readonly hostPID?: Maybe<boolean>;
  readonly hostUsers?: Maybe<boolean>;
  readonly initContainers?: Maybe<readonly Container[]>;
  readonly os?: Maybe<{ readonly name?: Maybe<string> }>;
  readonly securityContext?: Maybe<PodSecurityContext>;
  readonly serviceAccountName?: Maybe<string>;
  readonly volumes?: Maybe<readonly Volume[]>;
}

/** As much of a pod, or of a pod template, as rules look at. */
export interface Pod {
  readonly metadata?: Maybe<{ readonly annotations?: Maybe<Readonly<Record<string, string>>> }>;
  readonly spec: PodSpec;
}

/** Every container of a pod: those that run before it, its own, and those added to debug it. */
export const containersOf = ({
  initContainers,
  containers,
  ephemeralContainers,
}: PodSpec): readonly Container[] => [
  ...(initContainers ?? []),
  ...containers,
  ...(ephemeralContainers ?? []),
];
