import {
  complaint,
  duration,
  labelKey,
  labelValue,
  port as isPort,
  type Rule,
  urlPath,
} from "../base/rules/index.ts";
import type { Problems } from "../base/errors.ts";
import { portNumber, type Ports } from "../workload/container-ports.ts";

interface Tagged<K> {
  /** Tells it from the other ways. */
  readonly kind: K;
}

/** By the annotations `prometheus.io/scrape`, `port` and `path` of pods, which monitoring/prometheus.yml reads. */
export type AnnotationScraping = Tagged<"annotations">;

/** By the objects of Prometheus Operator, PodMonitor and PrometheusRule, whose definitions have to be in the cluster. */
export interface MonitorScraping extends Tagged<"monitor"> {
  /** Labels of those objects, by which a Prometheus selects them: `{ release: prometheus }`. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Time from one look to the next: seconds, or a duration in one unit. @default that of the Prometheus */
  readonly interval?: string | number | undefined;
}

/** How a Prometheus finds what to scrape. */
export type Scraping = AnnotationScraping | MonitorScraping;

/** Metrics of an app's pods, and how they are found. */
export interface ScrapedMetrics extends AppMetrics {
  /** How a Prometheus finds them. @default `{ kind: "annotations" }` */
  readonly scraping?: Scraping | undefined;
}

/** Where an app's pods have their metrics. */
export interface AppMetrics {
  /** Port of the container. @default 9464 for the image fastapi, else the container's first port */
  readonly port?: number | undefined;
  /** Path. @default "/metrics" */
  readonly path?: string | undefined;
}

/** Name of a container's port for metrics that has none yet. */
export const METRICS_PORT = "metrics";

/** The container's ports with that of the metrics, under a name. */
export function withMetricsPort(ports: Ports, { port }: AppMetrics): Ports {
  return port === undefined || !isPort.test(port) || nameOf(ports, port) !== undefined
    ? ports
    : { ...ports, [METRICS_PORT]: port };
}

/** Name of a container's port by its number. */
const nameOf = (ports: Ports, number: number): string | undefined =>
  Object.entries(ports).find(([, one]) => portNumber(one) === number)?.[0];

/** Port and path of the metrics of pods with these ports. */
function endpointOf(
  ports: Ports,
  { port, path = "/metrics" }: AppMetrics,
): { name: string; number: number; path: string } {
  const [[first, one] = ["http", 0]] = Object.entries(ports);
  const number = port ?? portNumber(one);
  return { name: nameOf(ports, number) ?? (port === undefined ? first : METRICS_PORT), number, path };
}

/** Annotations of pods by which a Prometheus finds their metrics. */
export function scrapeAnnotations(ports: Ports, metrics: AppMetrics): Record<string, string> {
  const { number, path } = endpointOf(ports, metrics);
  return { "prometheus.io/scrape": "true", "prometheus.io/port": String(number), "prometheus.io/path": path };
}

/** Labels of pods that their series have, too. The rules go by them. */
const TARGET_LABELS = ["app.kubernetes.io/name", "app.kubernetes.io/part-of"];

/**
 * The spec of a PodMonitor.
 *
 * Source: {@link https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor}.
 */
export function podMonitorSpec(
  selector: Readonly<Record<string, string>>,
  ports: Ports,
  metrics: AppMetrics,
  { interval }: Pick<MonitorScraping, "interval">,
): object {
  const { name, path } = endpointOf(ports, metrics);
  const every = typeof interval === "number" ? `${interval}s` : interval;
  return {
    selector: { matchLabels: selector },
    podTargetLabels: TARGET_LABELS,
    podMetricsEndpoints: [{ port: name, path, ...(every !== undefined && { interval: every }) }],
  };
}

/**
 * Prometheus' own durations go from the greatest unit to the least, each once.
 * Source: the pattern of `Duration` in Prometheus Operator's definitions.
 */
const interval: Rule<string | number> = complaint((value) => {
  const wrong = duration.test(value)
    ? undefined
    : 'must be whole seconds or a duration, such as "30s" or "1m"';
  if (wrong !== undefined || typeof value === "number") return wrong;
  return /^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(value) ? undefined : 'must have units as "30s" or "1m"';
});

/** Records what is wrong with how a Prometheus finds what to scrape. */
export function checkScraping(scraping: Scraping, problems: Problems): void {
  if (scraping.kind !== "monitor") return;
  problems.check("interval", scraping.interval, interval);
  for (const [key, value] of Object.entries(scraping.labels ?? {})) {
    problems.at("labels").checkName(key, labelKey);
    problems.at("labels").check(key, value, labelValue);
  }
}

/** Records what is wrong with where an app's metrics are. */
export function checkMetrics(metrics: AppMetrics, ports: Ports, problems: Problems): void {
  problems.check("port", metrics.port, isPort);
  problems.check("path", metrics.path, urlPath);
  const named = ports[METRICS_PORT];
  const clash =
    metrics.port !== undefined &&
    named !== undefined &&
    portNumber(named) !== metrics.port &&
    nameOf(ports, metrics.port) === undefined;
  problems.unless(!clash, "port", metrics.port, `is another than that of ports.${METRICS_PORT}`);
}
