import { isAbsolute } from "node:path";

/** Version of the official chart that the values are written for; it runs Traefik v3.7.11. */
export const CHART_VERSION = "41.3.0";

/** Repository of the official chart. */
export const CHART_REPOSITORY = "https://traefik.github.io/charts";

/** Traefik's release whose CRDs are installed; the one the pinned chart runs. */
export const TRAEFIK_VERSION = "v3.7.11";

/** Where Traefik publishes its ten traefik.io CRDs in one file, without the hub.traefik.io ones that its chart adds. */
export const CRDS_URL = `https://raw.githubusercontent.com/traefik/traefik/${TRAEFIK_VERSION}/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml`;

export interface ChartSource {
  /**
   * Name of a chart in {@link repository}, an `oci://` reference, the URL of a package, or a directory (absolute, or
   * beginning with `./`).
   * @default "traefik"
   */
  readonly chart?: string | undefined;
  /** @default "41.3.0", or a directory's own */
  readonly version?: string | undefined;
  /**
   * URL of a chart repository, for a chart given by name.
   * @default the official repository
   */
  readonly repository?: string | undefined;
}

/** The part of `helm.v4.Chart`'s arguments that says which chart. */
export function chartReference({ chart = "traefik", version, repository }: ChartSource = {}): {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
} {
  if (isDirectory(chart)) return { chart };
  const pinned = { chart, version: version ?? CHART_VERSION };
  return chart.includes("://")
    ? pinned
    : { ...pinned, repositoryOpts: { repo: repository ?? CHART_REPOSITORY } };
}

/** Whether a chart reference names a directory, as opposed to a repository's chart or an `oci://` one. */
const isDirectory = (chart: string): boolean => isAbsolute(chart) || /^\.{1,2}(\/|\\|$)/.test(chart);
