/** A drain leaves all pods but some. */
export interface FewestPods {
  /** Pods that may be away at a time, a number or a percentage. */
  readonly maxUnavailable: number | string;
}

/** A drain leaves some of the pods. */
export interface MostPods {
  /** Pods that must stay, a number or a percentage. */
  readonly minAvailable: number | string;
}

/** How the CPU's load decides the number of pods. */
export interface AutoscalingConfig {
  /** Fewest pods. @default 1 */
  readonly minReplicas?: number | undefined;
  /** Most pods. */
  readonly maxReplicas: number;
  /**
   * Average CPU use to aim at, percent of the request.
   * @default 75
   */
  readonly cpuPercent?: number | undefined;
}

/** How a pod goes. */
export interface LifeCycleConfig {
  /**
   * Seconds a pod that was told to go still accepts connections, until no node sends any.
   * @default 5
   */
  readonly requestAcceptGraceTimeout?: number | undefined;
  /**
   * Seconds running requests then have to end.
   * @default 20
   */
  readonly graceTimeOut?: number | undefined;
  /**
   * Seconds after which a connection is closed with its next answer. A client that keeps a connection busy leaves a pod
   * that was told to go only so: below `requestAcceptGraceTimeout`, Traefik's own rollout loses no request, at the price
   * of a TLS handshake for every connection in that time.
   * @default none
   */
  readonly keepAliveMaxTime?: number | undefined;
  /**
   * Seconds until the pod is killed: more than the first two together.
   * @default 30
   */
  readonly terminationGracePeriodSeconds?: number | undefined;
}

/** Requests and limits by resource: `{ cpu: "50m" }`. */
export interface ResourcesConfig {
  /** What the scheduler sets aside. @default 50m CPU, 64Mi memory */
  readonly requests?: Readonly<Record<string, string>> | undefined;
  /** What may not be exceeded. @default 1 CPU, 256Mi memory */
  readonly limits?: Readonly<Record<string, string>> | undefined;
}

/** Where an image comes from. */
export interface ImageConfig {
  /** Registry and prefix, `registry.example.com/mirror`. @default "docker.io" */
  readonly registry?: string | undefined;
  /** Name below the registry. @default "traefik" */
  readonly repository?: string | undefined;
  /** Version of the image. @default the chart's */
  readonly tag?: string | undefined;
  /** `sha256:…`, instead of the tag. @default none */
  readonly digest?: string | undefined;
  /** When a node pulls the image. @default "IfNotPresent" */
  readonly pullPolicy?: "Always" | "IfNotPresent" | "Never" | undefined;
}
