import { isAbsolute } from "node:path";

import type { Problems } from "./errors.ts";
import { chartUrl, rule, version as versionRule } from "./rules/index.ts";

/** Where a Helm chart comes from, if not from its makers. */
export interface ChartSource {
  /**
   * Name of a chart in {@link repository}, an `oci://` reference, the URL of a package, or a directory (absolute, or
   * beginning with `./`).
   * @default the official chart
   */
  readonly chart?: string | undefined;
  /** Version of the chart. @default the version that the values are written for, or a directory's own */
  readonly version?: string | undefined;
  /**
   * URL of a chart repository, for a chart given by name.
   * @default the official repository
   */
  readonly repository?: string | undefined;
}

/** A chart as its makers publish it. */
export interface OfficialChart {
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
}

/** The part of `helm.v4.Chart`'s arguments that says which chart. */
export function chartReference(
  { chart, version, repository }: ChartSource = {},
  official: OfficialChart,
): {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
} {
  if (chart !== undefined && isDirectory(chart)) return { chart };
  const pinned = { chart: chart ?? official.chart, version: version ?? official.version };
  return pinned.chart.includes("://")
    ? pinned
    : { ...pinned, repositoryOpts: { repo: repository ?? official.repository } };
}

/** Whether a chart reference names a directory, as opposed to a repository's chart or an `oci://` one. */
const isDirectory = (chart: string): boolean => isAbsolute(chart) || /^\.{1,2}(\/|\\|$)/.test(chart);

/** A reference that names no directory: a chart's name, or a URL. */
const chartName = rule<string>(
  "must be a chart's name, a URL, or a directory that begins with / or ./",
  (chart) => (chart.includes("://") ? chartUrl.test(chart) : /^[A-Za-z0-9][\w.-]*$/.test(chart)),
);

/** Records what is wrong with where a chart comes from. */
export function checkChart({ chart, version, repository }: ChartSource, problems: Problems): void {
  problems.check("version", version, versionRule);
  problems.check("repository", repository, chartUrl);
  if (chart === undefined) return;
  const directory = isDirectory(chart);
  if (!directory) problems.check("chart", chart, chartName);
  problems.unless(
    !directory || version === undefined,
    "version",
    version,
    "is the directory's own: leave it out",
  );
  problems.unless(
    repository === undefined || !(directory || chart.includes("://")),
    "repository",
    repository,
    "is for a chart given by name: leave it out",
  );
}
