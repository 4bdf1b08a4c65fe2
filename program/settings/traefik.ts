import type { ChartSource, TraefikArgs } from "../../components/index.ts";

/** Traefik, its Service and its chart. */
export interface TraefikSettings extends Omit<
  TraefikArgs,
  | "stack"
  | "namespace"
  | "registry"
  | "nodePortRange"
  | "address"
  | "chart"
  | "dashboard"
  | "tracing"
  | "transform"
> {
  /** Where the chart comes from. A string is short for `{ chart }`. @default the official chart */
  readonly chart?: string | ChartSource | undefined;
  /** Which objects Traefik reads its routes from. What the `kind` or the `nginx` of an app needs is turned on. */
  readonly providers?: TraefikArgs["providers"];
  /** Traefik's dashboard, at `https://<host>/dashboard/`. @default not reachable */
  readonly dashboard?: DashboardSettings | undefined;
}

/** Traefik's dashboard, for those who may see it. */
export interface DashboardSettings {
  /** Host it has to itself; a name without dots is below `domain`. */
  readonly host: string;
  /**
   * Passwords, or their bcrypt hashes, by user name.
   * @secret
   */
  readonly users: Readonly<Record<string, string>>;
  /** Networks that may reach it, in CIDR notation. */
  readonly allow: readonly string[];
}
